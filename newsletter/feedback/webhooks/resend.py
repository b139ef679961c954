"""Resend: one event a request, signed as Svix does it (HMAC over number, time and body).

Source: Resend documentation, "Webhooks" and "Verify webhooks requests"; Svix, "Verifying webhooks
manually".
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from newsletter.database.states import Kind, Suppressed
from newsletter.errors import ConfigurationError
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.webhooks.base import (
    SHORTEST_SECRET,
    Batch,
    RefusedError,
    Request,
    unpacked,
)
from newsletter.feedback.webhooks.notices import bounced, complained, moment, not_tried, text_of

TOLERANCE = datetime.timedelta(minutes=5)
_PREFIX = "whsec_"


class ResendHook:
    """Events of Resend.

    Args:
        secret: The webhook's signing secret, ``whsec_…``.

    Raises:
        ConfigurationError: It is none.
    """

    name = "resend"

    def __init__(self, secret: str) -> None:
        self._key = unpacked(secret.removeprefix(_PREFIX))
        if len(self._key) < SHORTEST_SECRET:
            raise ConfigurationError(
                "feedback.resend_secret is not a signing secret",
                "Copy it from Resend: Webhooks, your webhook, Signing secret (whsec_…).",
            )

    def read(self, request: Request, now: datetime.datetime) -> Batch:
        """The event, if it is of a kind that matters."""
        number = self._prove(request, now)
        fields = request.fields()
        data = fields.get("data")
        data = data if isinstance(data, dict) else {}
        notice = _understood(text_of(fields, "type"), data)
        if notice is None:
            return Batch()
        about = About(message_key=_tag(data.get("tags")))
        at = moment(text_of(fields, "created_at"), now)
        key = event_key(self.name, number)
        return Batch((Event(key, self.name, at, about, (notice,), verified=True),))

    def _prove(self, request: Request, now: datetime.datetime) -> str:
        number = request.headers.get("svix-id", "")
        timestamp = request.headers.get("svix-timestamp", "")
        signed = f"{number}.{timestamp}.".encode() + request.body
        expected = base64.b64encode(hmac.new(self._key, signed, hashlib.sha256).digest())
        # While a secret is exchanged for another, there is a signature by each.
        offered = request.headers.get("svix-signature", "").split(" ")[:10]
        if not number or not any(
            hmac.compare_digest(one.encode(), b"v1," + expected) for one in offered
        ):
            raise RefusedError("the signature is missing or wrong")
        try:
            age = abs(now.timestamp() - int(timestamp))
        except ValueError:
            raise RefusedError("the signature has no time") from None
        if age > TOLERANCE.total_seconds():
            raise RefusedError("the signature is too old")
        return number


def _understood(kind: str, data: Mapping[str, Any]) -> Notice | None:
    to = data.get("to")
    address = str(to[0]) if isinstance(to, list) and to else text_of(data, "to")
    match kind:
        case "email.delivered":
            return Notice(Kind.DELIVERED, address)
        case "email.sent" | "email.delivery_delayed":
            return Notice(Kind.OTHER, address)
        case "email.bounced":
            return _bounce(data, address)
        case "email.suppressed":
            return not_tried(address, Suppressed.BOUNCE, text_of(data, "suppressed", "message"))
        case "email.failed":
            return Notice(Kind.POLICY, address, detail=text_of(data, "failed", "reason"))
        case "email.complained":
            return complained(address)
    return None


def _bounce(data: Mapping[str, Any], address: str) -> Notice:
    said = _said(data)
    sort = text_of(data, "bounce", "subType")
    if sort in {"Suppressed", "OnAccountSuppressionList"}:
        return not_tried(address, Suppressed.BOUNCE, said)
    if sort == "MailboxFull":
        return bounced(address, "", said, Kind.MAILBOX_FULL)
    if sort in {"ContentRejected", "AttachmentRejected", "MessageTooLarge"}:
        return Notice(Kind.POLICY, address, detail=said)
    if text_of(data, "bounce", "type") == "Permanent":
        return bounced(address, "", said, Kind.HARD)
    return bounced(address, "", said, Kind.SOFT)


def _said(data: Mapping[str, Any]) -> str:
    """What the refusing server answered, if it stands there; else Resend's own words."""
    bounce = data.get("bounce")
    codes = bounce.get("diagnosticCode") if isinstance(bounce, dict) else None
    answers = [code for code in codes if isinstance(code, str)] if isinstance(codes, list) else []
    return " ".join(answers) or text_of(bounce, "message")


def _tag(tags: object) -> str:
    """Our tag: documented as an object in events, and as a list of pairs in requests."""
    if isinstance(tags, list):
        for tag in tags:
            if text_of(tag, "name") == "message":
                return text_of(tag, "value")
    return text_of(tags, "message")
