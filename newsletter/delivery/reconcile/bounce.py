"""Bounces: delivery status notifications (RFC 3464) that hold the header of one of our messages."""

from __future__ import annotations

import email
import re
from collections.abc import Mapping
from email.message import Message
from typing import Any

from newsletter.delivery.reconcile.evidence import Evidence, Fate

LONGEST = 16 * 1024 * 1024
"""Bytes of a bounce that are read; relays return our message within it, which is far smaller."""

_FATES = {
    "failed": Fate.BOUNCED,
    "delayed": Fate.QUEUED,
    "delivered": Fate.SENT,
    "relayed": Fate.SENT,
    "expanded": Fate.SENT,
}
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


def read_bounce(data: bytes, wanted: Mapping[str, str]) -> Evidence | None:
    """What a message says of one of ours; None if it is no bounce, or of something else.

    Args:
        data: The message.
        wanted: Message-IDs, and for each the reader's address; empty if that is not known.
    """
    parts = list(email.message_from_bytes(data).walk())
    message_id = next((found for part in parts if (found := _returned(part)) in wanted), None)
    if message_id is None:
        return None
    for part in parts:
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            blocks = part.get_payload()
            if isinstance(blocks, list) and len(blocks) > 1:  # the first is about the message
                about = [block for block in blocks[1:] if isinstance(block, Message)]
                return _evidence(message_id, about, wanted[message_id])
    return None


def _returned(part: Message) -> str:
    """The Message-ID of the message that came back in a part; empty if none did."""
    payload = part.get_payload()
    match part.get_content_type():
        case "message/rfc822" | "message/global" if isinstance(payload, list) and payload:
            header: Any = payload[0]
        case "text/rfc822-headers" | "message/global-headers":
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes):
                header = email.message_from_bytes(raw)
            elif isinstance(payload, list) and payload:
                header = payload[0]
            else:
                return ""
        case _:
            return ""
    match = _MESSAGE_ID.search(str(header.get("Message-ID", "")))
    return match[0] if match else ""


def _evidence(message_id: str, blocks: list[Message], address: str) -> Evidence | None:
    block = blocks[0]
    if len(blocks) > 1:  # we never write to two readers at once, but a relay may add somebody
        its = [one for one in blocks if address and address.casefold() in _recipients(one)]
        if not its:
            return Evidence(message_id, Fate.QUEUED)
        block = its[0]
    fate = _FATES.get(_field(block, "Action").lower())
    if fate is None:
        return None
    diagnostic = _field(block, "Diagnostic-Code").partition(";")[2].strip()
    said = diagnostic or _field(block, "Status")
    return Evidence(message_id, fate, said)


def _recipients(block: Message) -> set[str]:
    fields = (_field(block, name) for name in ("Original-Recipient", "Final-Recipient"))
    return {field.partition(";")[2].strip().casefold() for field in fields}


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())
