"""What was tried on each day, over all campaigns."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from sqlalchemy import update

from newsletter.database.engine import Database
from newsletter.database.tables import deliveries
from newsletter.delivery.daily import tried_by_day
from newsletter.delivery.ledger import Ledger
from tests.databases import on_both
from tests.unit.delivery.kit import NOON

TODAY = NOON.date()
DAY = datetime.timedelta(days=1)


@on_both
def test_each_message_counts_on_the_day_it_was_tried_and_others_do_not(
    database: Database, start: Callable[[int], Ledger]
) -> None:
    start(9)
    midnight = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
    second = datetime.timedelta(seconds=1)
    became = [
        ("accepted", 1, NOON),
        ("failed", 1, midnight),
        ("deferred", 2, midnight - second),
        ("unknown", 1, midnight - DAY),
        ("accepted", 1, midnight - 30 * DAY),
        ("accepted", 1, midnight - 30 * DAY - second),
        ("planned", 1, NOON),
        ("deferred", 0, NOON),
        ("cancelled", 1, NOON),
    ]
    with database.writing() as connection:
        for number, (state, attempts, moment) in enumerate(became, 1):
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == number)
                .values(state=state, attempts=attempts, updated_at=moment)
            )
    assert tried_by_day(database, TODAY) == {TODAY: 2, TODAY - DAY: 2, TODAY - 30 * DAY: 1}
