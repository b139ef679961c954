from __future__ import annotations

import contextlib
import datetime
import random
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from newsletter.database import engine
from newsletter.database.encryption import DatabaseKey
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers
from newsletter.errors import DatabaseError
from tests.databases import database, place, postgres, postgresql_url
from tests.unit.database.files_kit import CANARY, KEY, count, drop, make, opened, put, traces

__all__ = ["database", "place", "postgres", "postgresql_url"]

NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


def fill(database: Database, readers: int) -> None:
    """Readers in no order, so that pages are split; each tenth is to be forgotten."""
    chance = random.Random(1)
    with database.writing() as connection:
        rows = []
        for number in range(readers):
            name = f"{chance.getrandbits(64):016x}"
            email = f"{name}.{'forgotten' if number % 10 == 0 else 'kept'}@example.com"
            rows.append(
                {
                    "email": email,
                    "email_key": email,
                    "email_hash": f"{number:032x}",
                    "name": "Olena",
                    "attributes": {"note": "x" * chance.randrange(100)},
                    "created_at": NOW,
                }
            )
        for row in rows:  # one at a time: many in one statement would be sorted
            connection.execute(insert(subscribers), row)


def forget(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(delete(subscribers).where(subscribers.c.email.contains(".forgotten@")))


def test_removed_readers_are_in_no_file_any_more(path: Path) -> None:
    with opened(path) as database:
        fill(database, 5000)
        forget(database)
        assert traces(path.parent, ".forgotten@"), "else this proves nothing"
        database.scrub()
        assert traces(path.parent, ".forgotten@") == {}
        assert traces(path.parent, ".kept@"), "those who stay are there"


def test_emptying_the_log_is_nearly_enough_and_quick(path: Path) -> None:
    with opened(path) as database:
        put(database, ["ann"])
        drop(database, "ann")
        assert traces(path.parent)
        database.scrub(thorough=False)
        assert traces(path.parent) == {}


def test_a_full_text_index_keeps_nothing_either(path: Path) -> None:
    with opened(path) as database:
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE VIRTUAL TABLE words USING fts5(text)")
            for number in range(50):
                text = CANARY if number == 7 else f"tide {number}"
                connection.exec_driver_sql("INSERT INTO words VALUES (?)", (text,))
        database.scrub()
        with database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM words WHERE words MATCH 'canary'")
        database.scrub()
        assert traces(path.parent, "6b1f") == {}, "the index has the words one by one"
        with database.reading() as connection:
            found = connection.exec_driver_sql(
                "SELECT count(*) FROM words WHERE words MATCH 'tide'"
            )
            assert found.scalar() == 49


def test_somebody_who_goes_on_reading_an_earlier_state_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path, 1)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with opened(path) as database, opened(path) as other:
        with other.reading() as reading:
            reading.exec_driver_sql("SELECT * FROM facts").all()
            drop(database, "row 0")
            with pytest.raises(DatabaseError, match="another program goes on reading"):
                database.scrub(thorough=False)
        database.scrub()
        assert traces(path.parent) == {}


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_everything_else_is_as_it_was(path: Path, key: DatabaseKey | None) -> None:
    make(path, 300, key)
    with opened(path, key) as database:
        drop(database, "row 5")
        database.scrub()
        assert count(database) == 299
        put(database, ["after"])
    with opened(path, key) as database:
        assert count(database) == 300


def test_on_a_server_the_tables_are_written_anew(postgresql_url: str) -> None:
    with contextlib.closing(Database.open(postgresql_url)) as database:
        put(database, ["ann", "ben"])
        drop(database, "ann")
        for thorough in (False, True):
            database.scrub(thorough=thorough)
        assert count(database) == 1
        with database.reading() as connection:
            dead = connection.exec_driver_sql("SELECT pg_relation_size('facts')").scalar()
        assert dead == 8192
