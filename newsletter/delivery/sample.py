"""The message as a made-up reader gets it: what previews, proofs and rendered files show."""

from __future__ import annotations

import datetime

from newsletter.delivery.composition.press import Press
from newsletter.delivery.links import PROOF
from newsletter.delivery.message import Recipient, Sender
from newsletter.delivery.transports.base import Message
from newsletter.render.edition import Edition
from newsletter.render.merge import BUILT_IN_FIELDS

SAMPLE_ADDRESS = "reader@example.org"
SAMPLE_NAME = "Alex Example"
SAMPLE_TOKEN = PROOF
"""Names no reader, so its link unsubscribes nobody."""


def sample_reader(edition: Edition, address: str = SAMPLE_ADDRESS) -> Recipient:
    """A reader who has a name; a field that has no default shows as ``[field]``.

    Args:
        edition: Whose merge fields to fill.
        address: Where the message goes.
    """
    open_fields = {
        slot.field
        for part in (edition.subject, edition.preheader, edition.html, edition.text)
        for slot in part.slots
        if not slot.default
    }
    values = {field: f"[{field}]" for field in open_fields - BUILT_IN_FIELDS}
    return Recipient(address, SAMPLE_TOKEN, {**values, "name": SAMPLE_NAME})


def sample_message(edition: Edition, sender: Sender, reader: Recipient | None = None) -> Message:
    """The very bytes that would be sent to one reader.

    Only the date (noon of the issue's day) and the Message-ID stand in for the real ones, so that
    the same issue always gives the same message.

    Args:
        edition: What all readers get.
        sender: Who it is from.
        reader: Whose message; without one, the sample reader's.
    """
    return Press(edition, sender).message(
        reader or sample_reader(edition),
        message_id=f"<sample@{sender.domain}>",
        date=sample_date(edition),
    )


def sample_date(edition: Edition) -> datetime.datetime:
    """The date in the message: noon of the issue's day, in UTC."""
    return datetime.datetime.combine(edition.date, datetime.time(12), datetime.UTC)
