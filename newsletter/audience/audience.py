"""How many readers an issue sent now would have, and how many are left out, and why."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from newsletter.audience.status import Status, status_column, with_suppressions
from newsletter.database.engine import Database


@dataclass(frozen=True, slots=True)
class Audience:
    """Readers by whether they are mailed.

    Attributes:
        active: Are mailed.
        suppressed: Are on the list of addresses that are never mailed.
        unsubscribed: Have left.
    """

    active: int
    suppressed: int
    unsubscribed: int


def count_audience(database: Database) -> Audience:
    """The audience as it is now.

    Raises:
        DatabaseError: The database cannot be read.
    """
    each = select(status_column()).select_from(with_suppressions()).subquery()
    query = select(each.c.status, func.count()).group_by(each.c.status)
    with database.reading() as connection:
        counts = {Status(state): number for state, number in connection.execute(query)}
    return Audience(**{status.value: counts.get(status, 0) for status in Status})
