from __future__ import annotations

import datetime

import pytest
from sqlalchemy import select

from newsletter.database import engine
from newsletter.database.dialects import contains, insert_ignoring, skip_locked, write_alone
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, suppressions
from newsletter.errors import DatabaseError
from tests.databases import only_postgresql

NOW = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


def suppress(database: Database, *keys: str) -> None:
    rows = [{"email_key": key, "reason": "bounced", "created_at": NOW} for key in keys]
    with database.writing() as connection:
        connection.execute(suppressions.insert(), rows)


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


def test_another_key_that_is_taken_is_an_error(database: Database) -> None:
    row = {
        "email": "ann@example.com",
        "attributes": {},
        "status": "active",
        "token": "t0ken",
        "created_at": NOW,
    }

    def insert(key: str) -> None:
        with database.writing() as connection:
            statement = insert_ignoring(connection, subscribers, subscribers.c.email_key)
            connection.execute(statement.values(email_key=key, **row))

    insert("ann@example.com")
    with pytest.raises(DatabaseError, match=r"(?i)unique"):
        insert("bob@example.com")


def test_a_text_is_found_whatever_its_case_and_alphabet(database: Database) -> None:
    suppress(database, "Оксана", "ÄRGER", "100%", "a_b", "back\\slash")

    def found(text: str) -> list[str]:
        query = select(suppressions.c.email_key).where(
            contains(database.dialect, suppressions.c.email_key, text)
        )
        with database.reading() as connection:
            return list(connection.scalars(query.order_by(suppressions.c.email_key)))

    assert found("ОКСАНА") == found("окс") == ["Оксана"]
    assert found("ärg") == ["ÄRGER"]
    assert found("%") == ["100%"]
    assert found("_") == ["a_b"]
    assert found("\\") == ["back\\slash"]
    assert found("A") == ["a_b", "back\\slash"], "Latin letters only"


def test_text_sorts_by_code_point(database: Database) -> None:
    words = ["a", "Z", "ä", "_", "é", "я", "Б", "\U0001f600", "\uffee"]
    suppress(database, *words)
    with database.reading() as connection:
        query = select(suppressions.c.email_key).order_by(suppressions.c.email_key)
        assert list(connection.scalars(query)) == sorted(words)


def test_rows_that_another_has_taken_are_passed_over(database: Database) -> None:
    suppress(database, "ann@example.com", "bob@example.com")
    query = skip_locked(select(suppressions.c.email_key).limit(1), of=suppressions)
    with database.writing() as one:
        first = one.scalar(query)
        assert first
        if database.dialect == "postgresql":  # on SQLite nobody else could be writing
            with database.writing() as other:
                assert {first, other.scalar(query)} == {"ann@example.com", "bob@example.com"}


def test_rows_can_be_taken_together_with_what_may_be_missing(database: Database) -> None:
    suppress(database, "ann@example.com")
    query = select(suppressions.c.email_key, subscribers.c.id).join_from(
        suppressions,
        subscribers,
        subscribers.c.email_key == suppressions.c.email_key,
        isouter=True,
    )
    with database.writing() as connection:
        taken = connection.execute(skip_locked(query, of=suppressions)).all()
    assert [tuple(row) for row in taken] == [("ann@example.com", None)]


@only_postgresql
def test_who_writes_alone_is_read_meanwhile_and_written_to_by_nobody(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    one, other = Database.open(place), Database.open(place)
    with one.writing() as connection:
        write_alone(connection, subscribers, suppressions)
        with other.reading() as reading:
            assert reading.scalars(select(suppressions.c.email_key)).all() == []
        with pytest.raises(DatabaseError, match="another program is writing") as caught:
            suppress(other, "ann@example.com")
    assert "run it again" in caught.value.hint
    suppress(other, "ann@example.com")
    one.close()
    other.close()
