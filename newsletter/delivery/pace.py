"""When messages may leave, and how many in a day: pure decisions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from newsletter.delivery.rate import Rate

MEMORY = datetime.timedelta(days=30)
"""For so long a day counts. Receivers look back no further when they judge a domain, so one that
has been silent for longer begins again."""

GROWTH = 2
"""So many times the busiest day may go out on the next one."""


@dataclass(frozen=True, slots=True)
class Held:
    """Why a run has ended though readers wait.

    Attributes:
        reason: In words, to stand behind "because".
        until: When it may go on, in UTC.
    """

    reason: str
    until: datetime.datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of each day in which messages may begin to leave.

    Attributes:
        opens: The first minute.
        closes: The first minute after it; on the next day if it is not later than ``opens``.
        zone: Whose clock is meant; None for this machine's.
    """

    opens: datetime.time
    closes: datetime.time
    zone: datetime.tzinfo | None = None

    def is_open(self, now: datetime.datetime) -> bool:
        """Whether messages may begin to leave now."""
        return any(opens <= now < closes for opens, closes in self._spans(now))

    def next_opening(self, now: datetime.datetime) -> datetime.datetime:
        """When it opens, in UTC; ``now`` itself while it is open."""
        for opens, closes in self._spans(now):
            if now < closes:
                return max(now, opens)
        raise AssertionError("a window opens every day")

    def next_closing(self, now: datetime.datetime) -> datetime.datetime:
        """When it closes next, in UTC."""
        return next(closes for _, closes in self._spans(now) if now < closes)

    def _spans(
        self, now: datetime.datetime
    ) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
        """The openings around a moment, earliest first."""
        today = now.astimezone(self.zone).date()
        over_midnight = datetime.timedelta(days=self.closes <= self.opens)
        for offset in range(-1, 4):
            day = today + datetime.timedelta(days=offset)
            opens, closes = self._at(day, self.opens), self._at(day + over_midnight, self.closes)
            if opens < closes:  # in the night when clocks go forward, an hour may be missing
                yield opens, closes

    def _at(self, day: datetime.date, time: datetime.time) -> datetime.datetime:
        # Without a zone astimezone takes the clock of this machine.
        return datetime.datetime.combine(day, time, self.zone).astimezone(datetime.UTC)

    def __str__(self) -> str:
        zone = f" {self.zone}" if self.zone else ""
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}{zone}"


@dataclass(frozen=True, slots=True)
class Pace:
    """When and how fast messages may leave.

    Attributes:
        rate: How fast; None for no limit.
        domain_rates: How fast for some mail domains, by A-label in lower case.
        window: In which hours; None for all.
        ramp: How many on the first day, while the domain makes its name; 0 for no limit.
    """

    rate: Rate | None = None
    domain_rates: Mapping[str, Rate] = field(default_factory=dict)
    window: Window | None = None
    ramp: int = 0

    def __str__(self) -> str:
        said = [f"{self.rate} at most" if self.rate else "no limit of speed"]
        said += [f"{rate} to {domain}" for domain, rate in sorted(self.domain_rates.items())]
        said += [f"in the window {self.window}"] * bool(self.window)
        said += [f"ramp {self.ramp:,}"] * bool(self.ramp)
        return ", ".join(said)


def allowance(day: datetime.date, history: Mapping[datetime.date, int], ramp: int) -> int:
    """How many messages may still begin to leave on a day, while a domain makes its name.

    At most ``ramp`` on the first day, and on each later one twice as many as on the busiest day of
    the last 30. The busiest day and not just the day before: a weekly letter would never grow, and
    neither would a daily one after a day on which only a few deferred readers were tried again.

    Args:
        day: Today, in UTC.
        history: How many messages were tried on each day, today included.
        ramp: How many on the first day.

    Returns:
        How many are left for today, 0 or more.
    """
    before = [number for when, number in history.items() if day - MEMORY <= when < day]
    limit = max([ramp, *(GROWTH * number for number in before)])
    return max(0, limit - history.get(day, 0))


def next_day(day: datetime.date) -> datetime.datetime:
    """When the day after a day begins, in UTC."""
    return datetime.datetime.combine(
        day + datetime.timedelta(days=1), datetime.time(), datetime.UTC
    )
