"""When bounces that may pass have become too many: a pure decision.

A point for each day on which something bounced; with five points the address is not mailed any
more. A week without a bounce forgets them all. Mailman has counted like this for twenty years.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

LIMIT = 5
"""Points with which an address is given up."""

FORGOTTEN_AFTER = datetime.timedelta(days=7)
"""So many days (UTC) in a row without a bounce, and counting starts again. A weekly letter to a
mailbox that is always full has six days between two bounces, so its points add up."""


def given_up_at(bounces: Iterable[datetime.datetime]) -> datetime.datetime | None:
    """When an address had bounced too often.

    It depends on the bounces alone, not on the order in which they are known; one more never makes
    it later.

    Args:
        bounces: When they happened, aware, in any order.

    Returns:
        The first bounce of the day of the fifth point; None if there never were five.
    """
    first_of_day: dict[datetime.date, datetime.datetime] = {}
    for bounce in bounces:
        day = bounce.astimezone(datetime.UTC).date()
        first_of_day[day] = min(bounce, first_of_day.get(day, bounce))
    points, before = 0, None
    for day in sorted(first_of_day):
        quiet = day - before - datetime.timedelta(days=1) if before else FORGOTTEN_AFTER
        points = points + 1 if quiet < FORGOTTEN_AFTER else 1
        if points == LIMIT:
            return first_of_day[day]
        before = day
    return None
