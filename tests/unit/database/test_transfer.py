from __future__ import annotations

import datetime
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.database import postgresql, transfer
from newsletter.database.dialects import insert_each
from newsletter.database.engine import Database
from newsletter.database.tables import (
    campaigns,
    deliveries,
    metadata,
    subscribers,
    suppressions,
    workers,
)
from newsletter.errors import DatabaseError
from tests.proof import rounds

NOON = datetime.datetime(2026, 11, 20, 12, 0, 0, 123_456, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(params=["from a file to a server", "from a server to a file"])
def both(
    request: pytest.FixtureRequest, tmp_path: Path, postgresql_url: str
) -> Iterator[tuple[Database, Database]]:
    """Two databases, a file and a server, in both orders."""
    file, server = Database.open(tmp_path / "newsletter.db"), Database.open(postgresql_url)
    yield (file, server) if request.param == "from a file to a server" else (server, file)
    file.close()
    server.close()


def fill(database: Database, readers: int = 5) -> None:
    """Everything that a newsletter may have, with gaps in the numbers."""
    with database.writing() as connection:
        insert_each(connection, subscribers, [reader(number) for number in range(1, readers + 1)])
        connection.execute(subscribers.delete().where(subscribers.c.id == 2))
        rows = [
            {"email_key": f"{letter}@example.com", "reason": "bounced", "created_at": NOON}
            for letter in "bÄa_Zя"
        ]
        connection.execute(suppressions.insert(), rows)
        connection.execute(
            workers.insert().values(started_at=NOON, lease_until=NOON, ended_at=NOON)
        )
        for slug in ("2026-11-13", "2026-11-20"):
            connection.execute(
                campaigns.insert().values(
                    slug=slug,
                    digest="d" * 64,
                    edition=bytes(range(256)),
                    sender={"from": "Лист <letter@example.org>", "reply_to": None},
                    transport="smtp://relay.example.org",
                    started_at=NOON,
                )
            )
        connection.execute(
            deliveries.insert().values(
                campaign_id=2,
                subscriber_id=3,
                state="deferred",
                attempts=2,
                message_id="<1@example.org>",
                first_claimed_at=NOON,
                updated_at=NOON,
                next_attempt_at=NOON + MINUTE,
                detail="451 later",
                doubtful=True,
                worker_id=1,
            )
        )


def reader(number: int) -> dict[str, Any]:
    return {
        "email": f"reader{number}@example.com",
        "email_key": f"reader{number}@example.com",
        "name": "Оксана 😀",
        "attributes": {"city": "Kraków", "age": "7"},
        "status": "active",
        "token": f"t{number}",
        "created_at": NOON,
        "unsubscribed_at": None,
    }


def content(database: Database) -> dict[str, list[Any]]:
    with database.reading() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
        }


def test_everything_is_there_afterwards_and_the_source_as_it_was(
    both: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_BATCH", 2)
    source, target = both
    fill(source)
    before = content(source)
    copied = transfer.copy(source, target, NOON)
    assert content(target) == content(source) == before
    assert {each.table: each.rows for each in copied if each.rows} == {
        "subscribers": 4,
        "suppressions": 6,
        "workers": 1,
        "campaigns": 2,
        "deliveries": 1,
    }
    assert transfer.count_rows(target) == {each.table: each.rows for each in copied}


def test_new_rows_get_new_numbers_in_the_target(both: tuple[Database, Database]) -> None:
    source, target = both
    fill(source)
    transfer.copy(source, target, NOON)
    with target.writing() as connection:
        insert_each(connection, subscribers, [reader(9)])
        highest = select(subscribers.c.id).order_by(subscribers.c.id.desc()).limit(1)
        assert connection.scalar(highest) == 6


def test_an_empty_database_is_copied_too(both: tuple[Database, Database]) -> None:
    source, target = both
    assert {each.rows for each in transfer.copy(source, target, NOON)} == {0}
    with target.writing() as connection:
        insert_each(connection, subscribers, [reader(1)])
        assert connection.scalar(select(subscribers.c.id)) == 1


def test_nothing_is_mixed_with_what_is_there(both: tuple[Database, Database]) -> None:
    source, target = both
    fill(source)
    with target.writing() as connection:
        insert_each(connection, subscribers, [{**reader(1), "name": "Ann"}])
    before = content(target)
    with pytest.raises(DatabaseError, match="it is not empty, there are subscribers in it"):
        transfer.copy(source, target, NOON)
    assert content(target) == before


def test_nothing_is_copied_while_somebody_sends(both: tuple[Database, Database]) -> None:
    source, target = both
    with source.writing() as connection:
        connection.execute(workers.insert().values(started_at=NOON, lease_until=NOON + MINUTE))
    with pytest.raises(DatabaseError, match="a send is running"):
        transfer.copy(source, target, NOON)
    assert transfer.copy(source, target, NOON + 2 * MINUTE), "a lease that has run out is nobody's"


def test_what_arrives_otherwise_is_not_kept(
    both: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = both
    fill(source)

    def spoil(connection: Any, table: Any, rows: list[dict[str, Any]]) -> None:
        if "name" in rows[0]:
            rows = [{**row, "name": "Somebody"} for row in rows]
        connection.execute(table.insert(), rows)

    monkeypatch.setattr(transfer, "_insert", spoil)
    with pytest.raises(DatabaseError, match="subscribers did not arrive as it was") as caught:
        transfer.copy(source, target, NOON)
    assert "Nothing was kept" in caught.value.hint
    assert set(transfer.count_rows(target).values()) == {0}


def test_one_database_may_be_silent_for_long_while_the_other_is_read(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_SECONDS", 0.2)
    file, server = Database.open(tmp_path / "newsletter.db"), Database.open(postgresql_url)
    fill(server)
    monkeypatch.setattr(transfer, "_BATCH", 2)
    read_on = transfer._Digest.add
    slow = iter((True,))

    def slowly(digest: transfer._Digest, rows: list[dict[str, Any]]) -> None:
        if next(slow, False):
            time.sleep(0.6)
        read_on(digest, rows)

    monkeypatch.setattr(transfer._Digest, "add", slowly)
    transfer.copy(server, file, NOON + MINUTE)
    assert transfer.count_rows(file) == transfer.count_rows(server)
    file.close()
    server.close()


@pytest.mark.proof
def test_memory_does_not_grow_with_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_BATCH", 100)

    def peak(readers: int) -> int:
        source = Database.open(tmp_path / f"{readers}.db")
        target = Database.open(tmp_path / f"{readers}-copy.db")
        fill(source, readers)
        tracemalloc.start()
        try:
            transfer.copy(source, target, NOON)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            source.close()
            target.close()

    peak(10)  # what is compiled and cached once
    assert peak(rounds(3_000, 30_000)) < peak(300) * 2
