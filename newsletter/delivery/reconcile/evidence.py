"""What a log or a bounce says of one message."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass


class Fate(enum.IntEnum):
    """What became of a message, the weakest evidence first."""

    QUEUED = 1
    """The relay took it and has not passed it on, as far as can be seen."""
    SENT = 2
    """The relay took it and passed it on."""
    FAILED = 3
    """The relay refused it, or took it and could not pass it on."""
    BOUNCED = 4
    """A bounce of it came back."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found of one message.

    Attributes:
        message_id: Its Message-ID, with the angle brackets.
        fate: What became of it.
        said: The words of whoever said so; may hold addresses, so it must not be shown as it is.
        at: When it was said; None if that is not known.
    """

    message_id: str
    fate: Fate
    said: str = ""
    at: datetime.datetime | None = None

    def outweighs(self, other: Evidence) -> bool:
        """Whether this is to be believed rather than something that was found before.

        A bounce comes last by its nature. In a log, the later line is the one that holds: a message
        may be handed from one queue to the next, or be deferred first and sent at last.
        """
        if Fate.BOUNCED in {self.fate, other.fate}:
            return self.fate > other.fate
        if Fate.QUEUED in {self.fate, other.fate}:
            return self.fate >= other.fate
        return self.at is None or other.at is None or self.at >= other.at
