"""The pace of one run, which may change while it lasts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from newsletter.delivery.pace import Pace, allowance
from newsletter.delivery.pace_wish import PaceWish
from newsletter.delivery.rate import Rate
from newsletter.delivery.wishes import Wishes
from newsletter.errors import ConfigurationError

Tried = Callable[[datetime.date], Mapping[datetime.date, int]]
"""How many messages were tried on each day, up to a day in UTC; may raise ``DatabaseError``."""


class Pacing:
    """What the settings say, what was wished since, and how much of it is this program's share.

    Nothing that is wished can stop a run: what cannot be understood is told, and the pace stays.

    Args:
        usual: What the settings say; without it there is no limit.
        clock: Tells the time.
        tried: What a ramp counts with.
        tell: Told of each change, in a line.
    """

    def __init__(
        self,
        usual: Pace | None = None,
        *,
        clock: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
        tried: Tried = lambda _: {},
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._usual = usual or Pace()
        self._clock, self._tried, self._tell = clock, tried, tell
        self._heard = ("", "")
        self._take(self._usual, 1)
        self.day = self._today()
        """The day in UTC for which a ramp was counted last."""

    @property
    def rate(self) -> Rate | None:
        """How fast this program may go."""
        return self.pace.rate.shared_by(self.programs) if self.pace.rate else None

    @property
    def domain_rates(self) -> Mapping[str, Rate]:
        """How fast it may go for some mail domains."""
        rates = self.pace.domain_rates.items()
        return {domain: rate.shared_by(self.programs) for domain, rate in rates}

    def closed(self) -> bool:
        """Whether nothing may leave at this hour; asked once a message."""
        return self._closes is not None and self._clock() >= self._closes

    def allowance(self) -> int | None:
        """How many messages this program may still begin today; None for no limit.

        Raises:
            DatabaseError: How many went out so far cannot be read.
        """
        self.day = self._today()
        if self.closed():
            return 0
        if not self.pace.ramp:
            return None
        left = allowance(self.day, self._tried(self.day), self.pace.ramp)
        return left // self.programs

    def hear(self, wishes: Wishes) -> bool:
        """Take over what is wished; says whether anything has changed."""
        pace, heard = self.pace, (wishes.rate, wishes.pace)
        if heard != self._heard:
            self._heard = heard
            try:
                pace = PaceWish.read(*heard).over(self._usual)
            except ConfigurationError as error:
                self._tell(f"The wished pace is not taken over: {error.message}. Still: {pace}.")
        if (pace, wishes.programs) == (self.pace, self.programs):
            return False
        is_news = pace != self.pace or pace.rate or pace.domain_rates or pace.ramp
        self._take(pace, wishes.programs)
        if is_news:
            shared = f", shared by {self.programs} programs" if self.programs > 1 else ""
            self._tell(f"The pace is now: {pace}{shared}.")
        return True

    def _take(self, pace: Pace, programs: int) -> None:
        self.pace = pace
        """What holds for all programs that send it together."""
        self.programs = programs
        """How many there are, this one among them."""
        self._closes: datetime.datetime | None = None
        if pace.window:
            now = self._clock()
            is_open = pace.window.is_open(now)
            self._closes = pace.window.next_closing(now) if is_open else now

    def _today(self) -> datetime.date:
        return self._clock().astimezone(datetime.UTC).date()
