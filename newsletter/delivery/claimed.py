"""A delivery that a program has taken to hand it over."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from newsletter.audience.lists import MAIN
from newsletter.delivery.message import Recipient


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to hand over now.

    Attributes:
        id: Its number in the ledger.
        attempts: How often it will have been attempted, this time included.
        message_id: Its Message-ID, the same at every attempt.
        date: Time of the first claim, the message's Date at every attempt.
        recipient: The reader.
        edition: Number of the edition that they get.
        list: Name of the list that they get it as a reader of.
    """

    id: int
    attempts: int
    message_id: str
    date: datetime.datetime
    recipient: Recipient
    edition: int = 0
    list: str = MAIN
