"""A claim looks at those who are next, not at everybody: else a million are sorted each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

from newsletter.database.engine import Database
from newsletter.delivery.ledger import Ledger
from tests.unit.delivery.kit import NOON, Hand


def test_claims_find_the_next_by_the_index_of_those_who_wait(
    database: Database, start: Callable[[int], Ledger]
) -> None:
    ledger = start(3)
    hand = Hand(ledger)
    asked: list[tuple[str, Any]] = []

    def note(
        connection: Connection, cursor: object, statement: str, values: Any, *more: object
    ) -> None:
        if "ORDER BY deliveries.attempts" in statement:
            asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        while hand.claim(NOON):  # planned ones, and at last those that were deferred
            pass
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) >= 2
    with database.reading() as connection:
        for statement, values in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            first = str(plan[0])
            assert "ix_deliveries_campaign_id" in first, first
            assert "B-TREE" not in str(plan)
