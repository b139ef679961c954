from __future__ import annotations

import datetime

from sqlalchemy import select

from newsletter.database.dialects import insert_ignoring
from newsletter.database.engine import Database
from newsletter.database.tables import suppressions

NOW = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


def test_a_row_whose_key_is_taken_is_passed_over(database: Database) -> None:
    written = []
    with database.writing() as connection:
        for reason in ("bounced", "complained"):
            row = {"email_key": "ann@example.com", "reason": reason, "created_at": NOW}
            written.append(
                connection.execute(insert_ignoring(connection, suppressions).values(row)).rowcount
            )
    assert written == [1, 0]
    with database.reading() as connection:
        assert connection.scalars(select(suppressions.c.reason)).all() == ["bounced"]
