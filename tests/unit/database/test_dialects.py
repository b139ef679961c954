from __future__ import annotations

import datetime

import pytest
from sqlalchemy import select

from newsletter.database import engine
from newsletter.database.dialects import contains, insert_ignoring, skip_locked, write_alone
from newsletter.database.engine import Database
from newsletter.database.tables import campaigns, deliveries, marks, subscribers, suppressions
from newsletter.errors import DatabaseError
from tests.databases import KEYS, only_postgresql

NOW = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


ANN, BOB = KEYS.hash("ann@example.com"), KEYS.hash("bob@example.com")


def suppress(database: Database, *hashes: str) -> None:
    rows = [{"email_hash": one, "reason": "bounce", "created_at": NOW} for one in hashes]
    with database.writing() as connection:
        connection.execute(suppressions.insert(), rows)


def mark(database: Database, *texts: str) -> None:
    with database.writing() as connection:
        connection.execute(marks.insert(), [{"token": text, "created_at": NOW} for text in texts])


def test_a_row_whose_key_is_taken_is_passed_over(database: Database) -> None:
    written = []
    with database.writing() as connection:
        for reason in ("bounce", "complaint"):
            row = {"email_hash": ANN, "reason": reason, "created_at": NOW}
            written.append(
                connection.execute(insert_ignoring(connection, suppressions).values(row)).rowcount
            )
    assert written == [1, 0]
    with database.reading() as connection:
        assert connection.scalars(select(suppressions.c.reason)).all() == ["bounce"]


def test_another_key_that_is_taken_is_an_error(database: Database) -> None:
    with database.writing() as connection:
        campaign = {"slug": "2026-11-20", "digest": "d", "sender": {}, "transport": "t"}
        connection.execute(campaigns.insert().values(started_at=NOW, **campaign))

    def insert(number: int) -> None:
        row = {"campaign_id": 1, "state": "claimed", "message_id": "<1@example.org>"}
        with database.writing() as connection:
            statement = insert_ignoring(connection, deliveries, deliveries.c.id)
            connection.execute(statement.values(id=number, updated_at=NOW, **row))

    insert(1)
    with pytest.raises(DatabaseError, match=r"(?i)unique"):
        insert(2)


def test_a_text_is_found_whatever_its_case_and_alphabet(database: Database) -> None:
    mark(database, "Оксана", "ÄRGER", "100%", "a_b", "back\\slash")

    def found(text: str) -> list[str]:
        query = select(marks.c.token).where(contains(database.dialect, marks.c.token, text))
        with database.reading() as connection:
            return list(connection.scalars(query.order_by(marks.c.token)))

    assert found("ОКСАНА") == found("окс") == ["Оксана"]
    assert found("ärg") == ["ÄRGER"]
    assert found("%") == ["100%"]
    assert found("_") == ["a_b"]
    assert found("\\") == ["back\\slash"]
    assert found("A") == ["a_b", "back\\slash"], "Latin letters only"


def test_text_sorts_by_code_point(database: Database) -> None:
    words = ["a", "Z", "ä", "_", "é", "я", "Б", "\U0001f600", "\uffee"]
    mark(database, *words)
    with database.reading() as connection:
        query = select(marks.c.token).order_by(marks.c.token)
        assert list(connection.scalars(query)) == sorted(words)


def test_rows_that_another_has_taken_are_passed_over(database: Database) -> None:
    suppress(database, ANN, BOB)
    query = skip_locked(select(suppressions.c.email_hash).limit(1), of=suppressions)
    with database.writing() as one:
        first = one.scalar(query)
        assert first
        if database.dialect == "postgresql":  # on SQLite nobody else could be writing
            with database.writing() as other:
                assert {first, other.scalar(query)} == {ANN, BOB}


def test_rows_can_be_taken_together_with_what_may_be_missing(database: Database) -> None:
    suppress(database, ANN)
    query = select(suppressions.c.email_hash, subscribers.c.id).join_from(
        suppressions,
        subscribers,
        subscribers.c.email_hash == suppressions.c.email_hash,
        isouter=True,
    )
    with database.writing() as connection:
        taken = connection.execute(skip_locked(query, of=suppressions)).all()
    assert [tuple(row) for row in taken] == [(ANN, None)]


@only_postgresql
def test_who_writes_alone_is_read_meanwhile_and_written_to_by_nobody(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    one, other = Database.open(place), Database.open(place)
    with one.writing() as connection:
        write_alone(connection, subscribers, suppressions)
        with other.reading() as reading:
            assert reading.scalars(select(suppressions.c.email_hash)).all() == []
        with pytest.raises(DatabaseError, match="another program is writing") as caught:
            suppress(other, ANN)
    assert "run it again" in caught.value.hint
    suppress(other, ANN)
    one.close()
    other.close()
