"""How many messages were tried on each of the last days, over all campaigns."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from sqlalchemy import case, func, literal, or_, select

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.database.tables import campaigns, deliveries
from newsletter.delivery.pace import MEMORY

_TRIED = (State.ATTEMPTING, State.ACCEPTED, State.DEFERRED, State.FAILED, State.UNKNOWN)


def tried_by_day(database: Database, day: datetime.date) -> Mapping[datetime.date, int]:
    """How many messages were tried on each day in UTC, back to the last that counts.

    Each delivery counts on the day when it last changed, and once. One that was put off and tried
    again the next day is missing on the first; the sum is never too high.

    Args:
        database: Where the deliveries are.
        day: Today, in UTC.

    Raises:
        DatabaseError: It is out of reach.
    """
    midnight = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    days = [datetime.timedelta(days=number) for number in range(MEMORY.days + 1)]
    ago = case(*((deliveries.c.updated_at >= midnight - back, literal(back.days)) for back in days))
    oldest = midnight - days[-1]
    found = (
        select(ago.label("ago"))
        .join_from(deliveries, campaigns)
        .where(
            or_(campaigns.c.finished_at.is_(None), campaigns.c.finished_at >= oldest),
            deliveries.c.updated_at >= oldest,
            deliveries.c.attempts > 0,
            deliveries.c.state.in_(_TRIED),
        )
        .subquery()
    )
    query = select(found.c.ago, func.count().label("number")).group_by(found.c.ago)
    with database.reading() as connection:
        return {
            day - datetime.timedelta(days=row.ago): row.number for row in connection.execute(query)
        }
