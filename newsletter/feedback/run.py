"""Reading mail that came back: a block at a time, recorded, then put away."""

from __future__ import annotations

import contextlib
import datetime
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from newsletter.database.engine import Database
from newsletter.feedback.event import Event
from newsletter.feedback.mail import read_mail
from newsletter.feedback.record import Fate, Outcome, record_in
from newsletter.feedback.sources.base import Disposal, Letter, Source

BATCH = 100
"""Messages that are written down in one transaction."""


@dataclass(slots=True)
class Summary:
    """What came of it.

    Attributes:
        read: How many messages were read.
        kinds: How many were about letters of ours and new, by kind.
        replayed: Recorded before.
        not_ours: Reports that nothing proves to be about a letter of ours, now or before; they
            changed nothing.
        for_people: Letters that somebody must read; they are where they were.
        in_hand: About letters that are just being handed over; to be read again.
        suppressed: Addresses that are not mailed any more.
        unsubscribed: Subscriptions that ended.
        settled: Deliveries that were open, perhaps unknown, and are not any more.
    """

    read: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    replayed: int = 0
    not_ours: int = 0
    for_people: int = 0
    in_hand: int = 0
    suppressed: int = 0
    unsubscribed: int = 0
    settled: int = 0

    def add(self, outcome: Outcome | None) -> None:
        """Count one message; None is a letter for people."""
        self.read += 1
        if outcome is None:
            self.for_people += 1
            return
        match outcome.fate:
            case Fate.NEW:
                self.kinds[outcome.kind.value] += 1
            case Fate.REPLAYED if outcome.ours:
                self.replayed += 1
            case Fate.IN_HAND:
                self.in_hand += 1
            case _:
                self.not_ours += 1
        self.suppressed += outcome.suppressed
        self.unsubscribed += outcome.left
        self.settled += outcome.settled


class Reader:
    """Records what messages say.

    Args:
        database: The newsletter's.
        clock: Gives an aware time.
        trusted_results: As in ``FeedbackOptions``.
        dry_run: Find out what would come of it, and write nothing.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime.datetime],
        *,
        trusted_results: str = "",
        dry_run: bool = False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._trusted = trusted_results
        self._dry_run = dry_run

    def read(self, source: Source) -> Summary:
        """Everything that waits in a place.

        Raises:
            FeedbackError: The place cannot be read.
            DatabaseError: It cannot be written; nothing is put away that was not recorded.
        """
        summary = Summary()
        letters = iter(source.read())
        while batch := list(itertools.islice(letters, BATCH)):
            outcomes = self.record([letter.data for letter in batch])
            for outcome in outcomes:
                summary.add(outcome)
            if not self._dry_run:
                source.settle(list(_disposals(batch, outcomes)))
        return summary

    def record(self, messages: Sequence[bytes]) -> list[Outcome | None]:
        """What comes of messages, in one transaction; None for a letter for people."""
        now = self._clock()
        keys = self._database.keys
        events = [read_mail(data, keys, now, trusted_results=self._trusted) for data in messages]
        outcomes = iter(self._write([event for event in events if event], now))
        return [next(outcomes) if event else None for event in events]

    def _write(self, events: Sequence[Event], now: datetime.datetime) -> list[Outcome]:
        outcomes: list[Outcome] = []
        if not events:
            return outcomes
        with contextlib.suppress(_TakenBack), self._database.writing() as connection:
            outcomes = record_in(connection, events, now)
            if self._dry_run:
                raise _TakenBack
        return outcomes


class _TakenBack(Exception):  # noqa: N818 - nothing is wrong
    """Ends a transaction of which nothing is to be kept."""


def _disposals(
    letters: Iterable[Letter], outcomes: Iterable[Outcome | None]
) -> Iterable[tuple[Letter, Disposal]]:
    for letter, outcome in zip(letters, outcomes, strict=True):
        if outcome is None or not outcome.ours:
            yield letter, Disposal.LEAVE
        elif outcome.fate is Fate.IN_HAND:
            yield letter, Disposal.AGAIN
        else:
            yield letter, Disposal.PUT_AWAY
