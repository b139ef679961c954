"""What all places that mail is read from have in common."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

LONGEST = 1024 * 1024
"""Bytes of a message that are read. What a report says stands at its beginning."""


class Disposal(enum.Enum):
    """What is to be done with a message in its place."""

    PUT_AWAY = "put away"
    """It was recorded: nobody need look at it."""
    LEAVE = "leave"
    """It is for people to read, or nothing proves that it is about a letter of ours."""
    AGAIN = "again"
    """It can be recorded only a little later: bring it again the next time."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message.

    Attributes:
        place: Where it is, in the words of its source.
        data: Its bytes; of a very long one the beginning.
    """

    place: str
    data: bytes


class Source(Protocol):
    """A place that mail is read from.

    A program may be killed at any moment: a message is put away only after what it says is on the
    disk, and one that is read twice is recorded once.
    """

    def read(self) -> Iterator[Letter]:
        """The messages that wait, in their order.

        Raises:
            FeedbackError: The place cannot be read.
        """

    def settle(self, letters: Sequence[tuple[Letter, Disposal]]) -> None:
        """Put away what was recorded; called for all messages, in their order.

        Raises:
            FeedbackError: That cannot be done.
        """

    def wait(self, seconds: float) -> None:
        """Return when something new may have come, or after so many seconds."""

    def close(self) -> None:
        """Nothing is read any more."""
