from __future__ import annotations

import datetime
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from newsletter.database import postgresql, transfer
from newsletter.database.dialects import insert_each
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.tables import (
    address_changes,
    campaigns,
    clicks,
    confirmations,
    deliveries,
    editions,
    facts,
    feedback,
    former_addresses,
    marks,
    metadata,
    requests,
    schedules,
    subscribers,
    subscriptions,
    suppressions,
    wordings,
    workers,
)
from newsletter.errors import DatabaseError
from tests.databases import KEYS, PostgresServer
from tests.proof import rounds

NOON = datetime.datetime(2026, 11, 20, 12, 0, 0, 123_456, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(params=["from a file to a server", "from a server to a file"])
def both(
    request: pytest.FixtureRequest, tmp_path: Path, postgresql_url: str
) -> Iterator[tuple[Database, Database]]:
    """Two databases of one newsletter, a file and a server, in both orders."""
    file = Database.open(tmp_path / "newsletter.db", keys=KEYS)
    server = Database.open(postgresql_url, keys=KEYS)
    yield (file, server) if request.param == "from a file to a server" else (server, file)
    file.close()
    server.close()


def fill(database: Database, readers: int = 5) -> None:
    """Everything that a newsletter may have, with gaps in the numbers."""
    numbers = [number for number in range(1, readers + 1) if number != 2]
    with database.writing() as connection:
        insert_each(connection, subscribers, [reader(number) for number in range(1, readers + 1)])
        connection.execute(subscribers.delete().where(subscribers.c.id == 2))
        keyed = subscribers.update().where(subscribers.c.id == 1)
        connection.execute(keyed.values(certificate=bytes(range(255, -1, -1))))
        insert_each(connection, subscriptions, [subscription(number) for number in numbers])
        for table, rows in rows_of_each_table().items():
            connection.execute(table.insert(), rows)


def rows_of_each_table() -> dict[Table, list[dict[str, Any]]]:
    """Of all tables but those of the readers, in an order in which they can be written."""
    campaign = {
        "digest": "d" * 64,
        "lists": ["main", "sport"],
        "sender": {"from": "Лист <letter@example.org>", "reply_to": None},
        "transport": "smtp://relay.example.org",
        "started_at": NOON,
    }
    delivery = {
        "campaign_id": 2,
        "subscriber_id": 3,
        "subscription_id": 2,
        "edition": 1,
        "state": "deferred",
        "attempts": 2,
        "message_id": "<1@example.org>",
        "first_claimed_at": NOON,
        "updated_at": NOON,
        "next_attempt_at": NOON + MINUTE,
        "detail": "451 later",
        "doubtful": True,
        "worker_id": 1,
    }
    schedule = {
        "slug": "2026-11-27",
        "digest": "d" * 64,
        "at": NOON,
        "not_after": NOON + MINUTE,
        "options": {"plan": "p"},
        "state": "waiting",
        "created_at": NOON,
    }
    event = {
        "key": "k" * 64,
        "delivery_id": 1,
        "subscriber_id": 3,
        "kind": "soft",
        "status": "4.2.2",
        "source": "mailbox",
        "occurred_at": NOON,
        "recorded_at": NOON,
    }
    change = {
        "subscriber_id": 3,
        "email": "new@example.com",
        "email_key": "new@example.com",
        "requested_at": NOON,
        "new_proved_at": NOON,
    }
    wish = {"kind": "subscribe", "content": {"email": "dan@example.com"}, "created_at": NOON}
    return {
        wordings: [{"hash": "a" * 64, "text": "Ja, ich möchte ihn.", "created_at": NOON}],
        suppressions: [
            {"email_hash": KEYS.hash(letter), "reason": "bounce", "created_at": NOON}
            for letter in "bÄa_Zя"
        ],
        confirmations: [{"email_hash": KEYS.hash("b"), "sent": 2, "last_at": NOON}],
        requests: [{**wish, "next_attempt_at": NOON}],
        address_changes: [change],
        former_addresses: [
            {"email_hash": KEYS.hash("old"), "subscriber_id": 3, "moved_at": NOON},
        ],
        workers: [{"started_at": NOON, "lease_until": NOON, "ended_at": NOON}],
        campaigns: [{**campaign, "slug": slug} for slug in ("2026-11-13", "2026-11-20")],
        editions: [
            {"campaign_id": 2, "number": number, "language": "uk", "content": bytes(range(256))}
            for number in (0, 1)
        ],
        deliveries: [delivery],
        schedules: [schedule],
        marks: [{"token": "m" * 64, "created_at": NOON}],
        feedback: [event],
        facts: [{"name": "mailbox", "value": "read up to 7"}],
        clicks: [
            {"slug": "2026-11-20", "url": "https://example.com/", "day": NOON.date(), "number": 3}
        ],
    }


def reader(number: int) -> dict[str, Any]:
    email = f"reader{number}@example.com"
    return {
        "email": email,
        "email_key": email,
        "email_hash": KEYS.hash(email),
        "name": "Оксана 😀",
        "attributes": {"city": "Kraków", "age": "7"},
        "created_at": NOON,
    }


def subscription(subscriber_id: int, list_name: str = "main") -> dict[str, Any]:
    return {
        "subscriber_id": subscriber_id,
        "list": list_name,
        "status": "confirmed",
        "confirmed_at": NOON,
        "unsubscribed_at": None,
        "source": "form",
        "wording": "a" * 64,
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
    counted = {each.table: each.rows for each in copied}
    assert {name for name, rows in counted.items() if not rows} == {"plain_suppressions"}
    assert (counted["subscribers"], counted["subscriptions"], counted["suppressions"]) == (4, 4, 6)
    assert transfer.count_rows(target) == counted


NUMBERED = (subscribers, subscriptions, requests, address_changes, deliveries)
"""What links in letters, and bounce addresses, carry the numbers of."""


def new_numbers(database: Database) -> dict[str, int]:
    """The number that each table gives to one more row."""
    with database.writing() as connection:
        given = {
            table.name: connection.execute(table.insert().values(**row)).inserted_primary_key
            for table, row in one_more().items()
        }
    return {name: key[0] for name, key in given.items() if key is not None}


def one_more() -> dict[Table, dict[str, Any]]:
    [wish], [change] = (rows_of_each_table()[table] for table in (requests, address_changes))
    [delivery] = rows_of_each_table()[deliveries]
    return {
        subscribers: reader(9),
        subscriptions: subscription(3, "sport"),
        requests: wish,
        address_changes: change,
        deliveries: {**delivery, "campaign_id": 1, "message_id": "<9@example.org>"},
    }


def test_no_number_is_given_twice_though_the_last_rows_are_gone(
    both: tuple[Database, Database],
) -> None:
    source, target = both
    fill(source)
    gone = new_numbers(source)
    assert set(gone) == {table.name for table in NUMBERED}
    with source.writing() as connection:
        for table in reversed(NUMBERED):
            connection.execute(table.delete().where(table.c.id == gone[table.name]))
    transfer.copy(source, target, NOON)
    assert new_numbers(target) == {name: number + 1 for name, number in gone.items()}


def test_a_table_that_lost_all_its_rows_goes_on_counting_where_it_stopped(
    both: tuple[Database, Database],
) -> None:
    source, target = both
    fill(source)
    with source.writing() as connection:
        connection.execute(subscriptions.delete())
        last = connection.execute(subscriptions.insert().values(**subscription(3)))
        assert last.inserted_primary_key is not None
        number = last.inserted_primary_key[0]
        connection.execute(subscriptions.delete())
    transfer.copy(source, target, NOON)
    assert new_numbers(target)["subscriptions"] == number + 1


def test_numbers_that_the_target_has_given_itself_do_not_come_back_either(
    both: tuple[Database, Database],
) -> None:
    source, target = both
    with target.writing() as connection:
        insert_each(connection, subscribers, [reader(number) for number in range(1, 8)])
        connection.execute(subscribers.delete())
    fill(source)
    transfer.copy(source, target, NOON)
    assert new_numbers(target)["subscribers"] == 8


def test_numbers_stay_new_there_and_back(both: tuple[Database, Database], tmp_path: Path) -> None:
    source, target = both
    back = Database.open(tmp_path / "back.db", keys=KEYS)
    fill(source)
    with source.writing() as connection:
        connection.execute(subscriptions.delete())
    transfer.copy(source, target, NOON)
    transfer.copy(target, back, NOON)
    assert new_numbers(back)["subscriptions"] == 5
    back.close()


def test_an_empty_database_is_copied_too(both: tuple[Database, Database]) -> None:
    source, target = both
    copied = transfer.copy(source, target, NOON)
    assert {each.table: each.rows for each in copied if each.rows} == {"facts": 1}
    with target.writing() as connection:
        insert_each(connection, subscribers, [reader(1)])
        assert connection.scalar(select(subscribers.c.id)) == 1


def test_a_copy_belongs_to_the_keys_of_its_source(tmp_path: Path, postgres: PostgresServer) -> None:
    source = Database.open(tmp_path / "newsletter.db", keys=KEYS)
    target = Database.open(postgres.new_database())  # knows of no keys yet
    fill(source)
    transfer.copy(source, target, NOON)
    source.close()
    target.close()
    Database.open(target.name, keys=KEYS).close()
    with pytest.raises(DatabaseError, match="the keys at hand are not those that belong to it"):
        Database.open(target.name, keys=Keys.new())


def test_a_database_that_belongs_to_other_keys_is_refused(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    theirs = Keys.new()
    source = Database.open(tmp_path / "newsletter.db", keys=KEYS)
    target = Database.open(postgres.new_database(), keys=theirs)
    fill(source)
    with pytest.raises(DatabaseError, match="it belongs to other keys") as caught:
        transfer.copy(source, target, NOON)
    assert "for this newsletter alone" in caught.value.hint
    source.close()
    target.close()
    Database.open(target.name, keys=theirs).close()  # it stays as it was


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
        if table is subscribers:
            rows = [{**row, "name": "Somebody"} for row in rows]
        connection.execute(table.insert(), rows)

    monkeypatch.setattr(transfer, "_insert", spoil)
    with pytest.raises(DatabaseError, match="subscribers did not arrive as it was") as caught:
        transfer.copy(source, target, NOON)
    assert "Nothing was kept" in caught.value.hint
    counted = transfer.count_rows(target)
    assert {name for name, rows in counted.items() if rows} == {"facts"}, "of its own keys"


def test_one_database_may_be_silent_for_long_while_the_other_is_read(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_SECONDS", 0.2)
    file = Database.open(tmp_path / "newsletter.db", keys=KEYS)
    server = Database.open(postgresql_url, keys=KEYS)
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
        source = Database.open(tmp_path / f"{readers}.db", keys=KEYS)
        target = Database.open(tmp_path / f"{readers}-copy.db", keys=KEYS)
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
