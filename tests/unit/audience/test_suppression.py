from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from newsletter.audience.address import parse
from newsletter.audience.suppression import (
    count_suppressions,
    is_suppressed,
    release,
    suppress,
)
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.states import Kind, Suppressed
from newsletter.database.tables import feedback, subscribers, suppressions

NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
ANN = parse("ann@example.com")
BEN = parse("ben@example.com")


@pytest.fixture
def database(place: str) -> Iterator[Database]:
    database = Database.open(place, keys=Keys.new())
    yield database
    database.close()


def held(database: Database) -> list[tuple[str, str, datetime.datetime]]:
    columns = (suppressions.c.reason, suppressions.c.detail, suppressions.c.created_at)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_a_suppressed_address_is_known_in_every_spelling_and_nowhere_to_be_read(
    database: Database,
) -> None:
    assert suppress(database, ANN, Suppressed.BY_HAND, detail="asked by phone", now=NOW)
    with database.reading() as connection:
        assert is_suppressed(connection, database.keys, parse("ANN@Example.COM"))
        assert not is_suppressed(connection, database.keys, BEN)
        stored = str(connection.execute(select(suppressions)).all())
        assert count_suppressions(connection) == {Suppressed.BY_HAND: 1}
    assert "ann" not in stored
    assert "asked by phone" in stored


def test_of_several_reasons_the_strongest_and_of_one_the_earliest_is_kept_in_any_order(
    database: Database,
) -> None:
    events = [
        (Suppressed.BOUNCE, "no such user", NOW),
        (Suppressed.COMPLAINT, "second", NOW + datetime.timedelta(days=2)),
        (Suppressed.COMPLAINT, "first", NOW + datetime.timedelta(days=1)),
        (Suppressed.IMPORTED, "old list", NOW - datetime.timedelta(days=9)),
    ]
    for order in itertools.permutations(events):
        new = [suppress(database, ANN, why, detail=said, now=at) for why, said, at in order]
        assert new == [True, False, False, False]
        assert held(database) == [("complaint", "first", events[2][2])]
        assert release(database, ANN)


def test_a_release_lets_the_reader_start_afresh(database: Database) -> None:
    reader = {"email": "ann@example.com", "email_key": ANN.key, "attributes": {}, "created_at": NOW}
    came_back = {"source": "test", "occurred_at": NOW, "recorded_at": NOW, "subscriber_id": 1}
    with database.writing() as connection:
        connection.execute(
            insert(subscribers).values(reader | {"email_hash": database.keys.hash(ANN.key)})
        )
        for kind in (Kind.SOFT, Kind.COMPLAINT):
            connection.execute(insert(feedback).values(came_back | {"key": kind, "kind": kind}))
    suppress(database, ANN, Suppressed.BOUNCE, now=NOW)
    assert release(database, ANN)
    with database.reading() as connection:
        rows = connection.execute(select(feedback.c.kind, feedback.c.subscriber_id)).all()
    assert sorted(map(tuple, rows)) == [("complaint", 1), ("soft", None)]
    assert held(database) == []


def test_releasing_what_is_not_suppressed_says_so(database: Database) -> None:
    assert not release(database, BEN)
