"""What the settings allow a run, and why it has ended though readers wait."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable

from newsletter.delivery.daily import tried_by_day
from newsletter.delivery.pace import Held, Pace, next_day
from newsletter.delivery.pacing import Pacing
from newsletter.delivery.rate import Rate
from newsletter.delivery.sender import Summary
from newsletter.project import Project


def usual_pace(project: Project) -> Pace:
    """The pace that the project's settings name.

    Raises:
        ConfigurationError: The rate is none.
    """
    options = project.settings.sending
    rate = Rate.parse(project.settings.rate)
    return Pace(rate, options.rates, options.hours, options.ramp)


def pacing_of(
    project: Project,
    now: Callable[[], datetime.datetime],
    tell: Callable[[str], None] = lambda _: None,
) -> Pacing:
    """The pace of a run that begins now.

    Args:
        project: The newsletter.
        now: Tells the time.
        tell: Told in a line when the pace changes.

    Raises:
        ConfigurationError: The rate in the settings is none.
    """
    database = project.database
    return Pacing(
        usual_pace(project), clock=now, tried=lambda day: tried_by_day(database, day), tell=tell
    )


def judge(
    summary: Summary, pacing: Pacing, asked: Callable[[], bool], now: datetime.datetime
) -> Summary:
    """The summary, and why the run ended if its pace was it.

    Args:
        summary: How the run ended.
        pacing: Its pace.
        asked: Whether somebody has asked it to stop.
        now: The time.
    """
    if summary.finished or asked():
        return summary
    window = pacing.pace.window
    if window and pacing.closed():
        if not (summary.interrupted or summary.full):
            return summary
        until = window.next_opening(now)
        reason = f"messages may leave only in the window {window}"
    elif summary.full:
        until = max(now, next_day(pacing.day))
        until = window.next_opening(until) if window else until
        reason = "no more may go out today, while the domain is new (ramp)"
    else:
        return summary
    return dataclasses.replace(summary, interrupted=False, held=Held(reason, until))
