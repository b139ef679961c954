from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.database.dialects import insert_each, update_each
from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.database.tables import campaigns, deliveries, editions, subscribers
from newsletter.errors import DatabaseError
from tests.databases import KEYS, only_postgresql

NOW = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
LATER = datetime.datetime(2026, 11, 20, 9, 30, 0, 250_000, tzinfo=datetime.UTC)


@pytest.fixture
def ids(database: Database) -> list[int]:
    """Three planned deliveries."""
    with database.writing() as connection:
        insert_each(connection, subscribers, [reader(name) for name in ("ann", "bob", "cas")])
        connection.execute(
            campaigns.insert().values(
                slug="2026-11-20", digest="d", sender={}, transport="t", started_at=NOW
            )
        )
        rows = [
            {"campaign_id": 1, "subscriber_id": id_, "state": "planned", "updated_at": NOW}
            for id_ in connection.scalars(select(subscribers.c.id).order_by(subscribers.c.id))
        ]
        insert_each(connection, deliveries, rows)
        return list(connection.scalars(select(deliveries.c.id).order_by(deliveries.c.id)))


def reader(name: str, **values: Any) -> dict[str, Any]:
    return {
        "email": f"{name}@example.com",
        "email_key": f"{name}@example.com",
        "email_hash": KEYS.hash(f"{name}@example.com"),
        "attributes": {},
        "created_at": NOW,
        **values,
    }


def columns(database: Database, *names: str) -> Sequence[Any]:
    query = select(*(deliveries.c[name] for name in names)).order_by(deliveries.c.id)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_each_row_gets_values_of_its_own(database: Database, ids: list[int]) -> None:
    rows = [
        {"id": ids[0], "state": "accepted", "detail": "250 ok", "updated_at": LATER},
        {"id": ids[2], "state": "failed", "detail": 'no "Олена" %s \\ here', "updated_at": NOW},
    ]
    with database.writing() as connection:
        assert update_each(connection, deliveries, rows) == 2
    assert columns(database, "state", "detail", "updated_at") == [
        ("accepted", "250 ok", LATER),
        ("planned", "", NOW),
        ("failed", 'no "Олена" %s \\ here', NOW),
    ]


def test_only_rows_that_are_as_expected_are_changed(database: Database, ids: list[int]) -> None:
    with database.writing() as connection:
        claimed = [{"id": id_, "before": 0, "attempts": 1} for id_ in ids]
        assert (
            update_each(
                connection,
                deliveries,
                claimed[:2],
                keys={"id": "id", "attempts": "before"},
                where={"state": State.PLANNED},
                values={"state": State.CLAIMED, "first_claimed_at": LATER},
            )
            == 2
        )
        again = update_each(
            connection,
            deliveries,
            claimed,
            keys={"id": "id", "attempts": "before"},
            where={"state": State.PLANNED},
        )
        assert again == 1, "only the one that is planned still"
    assert columns(database, "state", "attempts", "first_claimed_at") == [
        ("claimed", 1, LATER),
        ("claimed", 1, LATER),
        ("planned", 1, None),
    ]


def test_none_truth_and_times_of_any_zone_are_kept(database: Database, ids: list[int]) -> None:
    kyiv = datetime.timezone(datetime.timedelta(hours=2))
    times = [LATER.astimezone(kyiv), LATER.replace(tzinfo=None), None]
    rows = [
        {"id": id_, "next_attempt_at": time, "doubtful": time is None}
        for id_, time in zip(ids, times, strict=True)
    ]
    with database.writing() as connection:
        assert update_each(connection, deliveries, rows, where={"doubtful": False}) == 3
    assert columns(database, "next_attempt_at", "doubtful") == [
        (LATER, False),
        (LATER, False),
        (None, True),
    ]
    with database.reading() as connection:
        due = select(deliveries.c.id).where(deliveries.c.next_attempt_at <= LATER)
        assert len(connection.scalars(due).all()) == 2, "they compare as all other times do"


def test_json_is_kept(database: Database, ids: list[int]) -> None:
    with database.writing() as connection:
        rows = [{"id": 1, "attributes": {"city": "Львів", "team": "red"}}]
        assert update_each(connection, subscribers, rows) == 1
        assert update_each(connection, subscribers, [{"id": 2}], values={"attributes": {"a": 1}})
    with database.reading() as connection:
        kept = connection.scalars(select(subscribers.c.attributes).order_by(subscribers.c.id))
        assert kept.all() == [{"city": "Львів", "team": "red"}, {"a": 1}, {}]


def test_no_rows_are_no_statement(database: Database) -> None:
    with database.writing() as connection:
        assert update_each(connection, deliveries, []) == 0
        insert_each(connection, deliveries, [])


def test_binary_columns_are_refused(database: Database) -> None:
    rows = [{"campaign_id": 1, "content": b"x"}]
    with database.writing() as connection, pytest.raises(TypeError, match="binary"):
        update_each(connection, editions, rows, keys=("campaign_id",))


def test_a_key_that_is_taken_is_an_error_without_readers_data(database: Database) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)unique") as caught, database.writing() as c:
        insert_each(c, subscribers, [reader("ann", language="uk"), reader("ann", language="en")])
    assert "ann" not in caught.value.message + caught.value.hint
    with database.reading() as connection:
        assert connection.scalars(select(subscribers.c.id)).all() == []


@only_postgresql  # SQLite keeps NUL
def test_what_is_no_character_does_not_stop_a_record(database: Database, ids: list[int]) -> None:
    said = ["nul \x00 in it", "lone \ud800 surrogate", "\U0001f600 \\u0000"]
    rows = [{"id": id_, "detail": text} for id_, text in zip(ids, said, strict=True)]
    with database.writing() as connection:
        assert update_each(connection, deliveries, rows) == 3
        connection.execute(
            deliveries.update().where(deliveries.c.id == ids[0]).values(message_id="a\x00b")
        )
    assert columns(database, "detail") == [
        ("nul \ufffd in it",),
        ("lone \ufffd surrogate",),
        ("\U0001f600 \\u0000",),
    ]
    assert columns(database, "message_id")[0] == ("a\ufffdb",)
