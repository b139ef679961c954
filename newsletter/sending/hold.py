"""What the settings allow a run: how many messages, and until when."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.delivery.daily import tried_by_day
from newsletter.delivery.pace import Held, Window, allowance, next_day
from newsletter.delivery.sender import Summary
from newsletter.project import Project


@dataclass(frozen=True, slots=True)
class Hold:
    """The bounds of one run.

    Attributes:
        most: How many messages it may begin; None for no limit.
        closes: When it has to end; None if it need not.
        window: The hours in which messages may leave; None for all.
        day: The day in UTC on which it began.
        now: Tells the time.
    """

    most: int | None
    closes: datetime.datetime | None
    window: Window | None
    day: datetime.date
    now: Callable[[], datetime.datetime]

    @classmethod
    def of(cls, project: Project, now: Callable[[], datetime.datetime]) -> Hold:
        """What the project's settings allow a run that begins now.

        Raises:
            DatabaseError: How much went out so far cannot be read.
        """
        options, moment = project.settings.sending, now()
        window, day = options.hours, moment.astimezone(datetime.UTC).date()
        if window and not window.is_open(moment):
            return cls(0, moment, window, day, now)
        most = None
        if options.ramp:
            most = allowance(day, tried_by_day(project.database, day), options.ramp)
        return cls(most, window.next_closing(moment) if window else None, window, day, now)

    def stop(self, asked: Callable[[], bool]) -> Callable[[], bool]:
        """Whether the run has to end: somebody has asked, or the window has closed."""
        if self.closes is None:
            return asked
        closes, now = self.closes, self.now  # asked once a message: only a look at the clock
        return lambda: asked() or now() >= closes

    def judge(self, summary: Summary, asked: Callable[[], bool]) -> Summary:
        """The summary, and why the run ended if these bounds were it."""
        if summary.finished or asked():
            return summary
        moment = self.now()
        if self.window and self.closes and moment >= self.closes:
            if not (summary.interrupted or summary.full):
                return summary
            until = self.window.next_opening(moment)
            reason = f"messages may leave only in the window {self.window}"
        elif summary.full:
            until = max(moment, next_day(self.day))
            until = self.window.next_opening(until) if self.window else until
            reason = "no more may go out today, while the domain is new (ramp)"
        else:
            return summary
        return dataclasses.replace(summary, interrupted=False, held=Held(reason, until))
