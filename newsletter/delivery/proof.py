"""Proofs: copies for the people who make the letter; nothing of them is recorded."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from newsletter.delivery.composition.press import Press
from newsletter.delivery.message import Sender
from newsletter.delivery.outcome import Outcome
from newsletter.delivery.sample import sample_reader
from newsletter.delivery.transports.base import Message, Transport
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.render.edition import Edition

if TYPE_CHECKING:
    from newsletter.delivery.dkim.signer import Signer


def proof(
    edition: Edition,
    sender: Sender,
    address: str,
    now: datetime.datetime,
    signer: Signer | None = None,
) -> Message:
    """The message as a made-up reader would get it, marked in its subject.

    The time in the mark (in the zone that ``now`` has) keeps mail programs from folding proofs
    into one conversation.

    Raises:
        ValueError: The address or the edition cannot stand in a message.
    """
    return _proofs(edition, sender, [address], now, signer)[0]


def send_proofs(
    edition: Edition,
    sender: Sender,
    addresses: Sequence[str],
    transport: Transport,
    now: datetime.datetime,
    signer: Signer | None = None,
) -> Iterator[tuple[str, Outcome]]:
    """Send a proof to each address; yields what became of it.

    Raises:
        TransportError: The transport is out of reach or broken.
        ValueError: An address or the edition cannot stand in a message.
    """
    messages = _proofs(edition, sender, addresses, now, signer)
    yield from zip(addresses, hand_over(transport, messages), strict=True)


def _proofs(
    edition: Edition,
    sender: Sender,
    addresses: Sequence[str],
    now: datetime.datetime,
    signer: Signer | None,
) -> list[Message]:
    press = Press(edition, sender, signer=signer, subject_prefix=f"[Proof {now:%H:%M}] ")
    return [
        press.message(sample_reader(edition, address), message_id=sender.new_message_id(), date=now)
        for address in addresses
    ]
