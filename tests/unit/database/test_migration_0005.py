"""A database with readers in it, from before there were lists."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select, text

import newsletter.database
from newsletter.database.engine import Database
from newsletter.database.tables import (
    deliveries,
    editions,
    plain_suppressions,
    subscribers,
    subscriptions,
    suppressions,
)
from tests.databases import PostgresServer

ROWS = """
INSERT INTO subscribers (id, email, email_key, attributes, status, token, created_at,
    unsubscribed_at) VALUES
    (3, 'Ann@example.com', 'ann@example.com', '{"city": "Lviv"}', 'active', 'aa', '2026-01-01',
     NULL),
    (5, 'bob@example.com', 'bob@example.com', '{}', 'unsubscribed', 'bb', '2026-01-02',
     '2026-02-01');
INSERT INTO suppressions VALUES ('cat@example.com', 'asked by post', '2026-01-03');
INSERT INTO campaigns (id, slug, digest, edition, sender, transport, started_at)
    VALUES (1, '2026-11-20', 'd', '{edition}', '{}', 'maildir', '2026-11-20');
INSERT INTO deliveries (id, campaign_id, subscriber_id, state, message_id, updated_at) VALUES
    (10, 1, 3, 'accepted', '<a@example.org>', '2026-11-20'),
    (11, 1, NULL, 'failed', '<b@example.org>', '2026-11-20');
"""


def migrate(url: str, to: str) -> None:
    config = Config()
    folder = Path(newsletter.database.__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        for statement in ROWS.split(";")[:-1]:
            connection.execute(text(statement.replace(":", r"\:")))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    from newsletter.database.keys import Keys

    if request.param == "sqlite":
        path = tmp_path / "newsletter.db"
        migrate(f"sqlite:///{path}", "0004")
        return Database.open(path)
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    migrate(url.replace("postgresql://", "postgresql+pg8000://"), "0004")
    return Database.open(url, keys=Keys.new())


def test_readers_are_on_the_one_list_with_what_was_known_of_them(migrated: Database) -> None:
    s = subscriptions.c
    query = select(s.subscriber_id, s.list, s.status).order_by(s.subscriber_id)
    with migrated.reading() as connection:
        assert connection.execute(query).all() == [
            (3, "main", "confirmed"),
            (5, "main", "unsubscribed"),
        ]
        ann = connection.execute(select(subscribers).where(subscribers.c.id == 3)).one()
    assert (ann.email, ann.attributes) == ("Ann@example.com", {"city": "Lviv"})
    assert ann.email_hash == migrated.keys.hash("ann@example.com")
    assert ann.own_fields == [], "of what was known before nobody knows who said it"
    migrated.close()


def test_suppressed_addresses_are_hashed_and_stay_suppressed(migrated: Database) -> None:
    with migrated.reading() as connection:
        kept = connection.execute(select(suppressions)).one()
        assert connection.execute(select(plain_suppressions)).all() == []
    assert kept.email_hash == migrated.keys.hash("cat@example.com")
    assert (kept.reason, kept.detail) == ("by hand", "asked by post")
    migrated.close()


def test_the_ledger_keeps_its_rows_and_its_readers(migrated: Database) -> None:
    d = deliveries.c
    query = select(d.id, d.subscriber_id, d.state, d.message_id, d.edition).order_by(d.id)
    with migrated.reading() as connection:
        assert connection.execute(query).all() == [
            (10, 3, "accepted", "<a@example.org>", 0),
            (11, None, "failed", "<b@example.org>", 0),
        ]
        of_ann = select(d.subscription_id).where(d.id == 10)
        owner = select(subscriptions.c.subscriber_id).where(
            subscriptions.c.id == of_ann.scalar_subquery()
        )
        assert connection.scalar(owner) == 3
        edition = connection.execute(select(editions.c.campaign_id, editions.c.content)).one()
    assert edition.campaign_id == 1
    assert edition.content in {"{edition}", b"{edition}"}  # SQLite keeps what it was given
    migrated.close()


def test_nothing_readable_is_left_of_a_suppressed_address(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    migrate(f"sqlite:///{path}", "0004")
    Database.open(path).close()
    sqlite3.connect(path).close()
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"bob@example.com" in raw
    assert b"cat@example.com" not in raw
