"""Moments and lengths of time as a report says them; all in UTC, to the minute."""

from __future__ import annotations

import datetime


def moment(when: datetime.datetime) -> str:
    """``20 Nov 09:30``, UTC."""
    return f"{when.day} {when:%b %H:%M}"


def period(begin: datetime.datetime, end: datetime.datetime | None) -> str:
    """``on 20 Nov 2026 at 09:30 UTC``, ``from 20 Nov 2026, 09:30 to 09:55 UTC``.

    Args:
        begin: When it began.
        end: When it ended; None if it has not.
    """
    day = f"{begin.day} {begin:%b %Y}"
    if end is None:
        return f"from {day}, {begin:%H:%M} UTC, not finished yet"
    if f"{begin:%F %H:%M}" == f"{end:%F %H:%M}":
        return f"on {day} at {begin:%H:%M} UTC"
    last = f"{end:%H:%M}" if end.date() == begin.date() else f"{end.day} {end:%b %Y}, {end:%H:%M}"
    return f"from {day}, {begin:%H:%M} to {last} UTC"


def span(step: datetime.timedelta) -> str:
    """``5 minutes``, ``an hour``, ``3 hours``, ``a day``, ``a week``."""
    minutes = int(step.total_seconds() / 60)
    for size, one, many in (
        (7 * 1440, "a week", "weeks"),
        (1440, "a day", "days"),
        (60, "an hour", "hours"),
        (1, "a minute", "minutes"),
    ):
        if minutes >= size:
            return one if minutes == size else f"{minutes // size} {many}"
    return "no time"
