"""Proofs: copies for the people who make the letter; nothing of them is recorded."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from newsletter.delivery.message import Sender, compose
from newsletter.delivery.outcome import Outcome
from newsletter.delivery.sample import sample_reader
from newsletter.delivery.transports.base import Message, Transport
from newsletter.render.edition import Edition


def proof(edition: Edition, sender: Sender, address: str, now: datetime.datetime) -> Message:
    """The message as a made-up reader would get it, marked in its subject.

    The time in the mark (in the zone that ``now`` has) keeps mail programs from folding proofs
    into one conversation.

    Raises:
        ValueError: The address or the edition cannot stand in a message.
    """
    return compose(
        edition,
        sender,
        sample_reader(edition, address),
        message_id=sender.new_message_id(),
        date=now,
        subject_prefix=f"[Proof {now:%H:%M}] ",
    )


def send_proofs(
    edition: Edition,
    sender: Sender,
    addresses: Sequence[str],
    transport: Transport,
    now: datetime.datetime,
) -> Iterator[tuple[str, Outcome]]:
    """Send a proof to each address; yields what became of it.

    Raises:
        TransportError: The transport is out of reach or broken.
        ValueError: An address or the edition cannot stand in a message.
    """
    messages = [proof(edition, sender, address, now) for address in addresses]
    with transport:
        yield from zip(addresses, transport.send(messages), strict=True)
