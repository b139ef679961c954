from __future__ import annotations

from sqlalchemy import insert, update

from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, suppressions
from newsletter.sending.audience_digest import audience_digest, new_salt
from tests.unit.delivery.kit import NOON, add_readers


def test_the_same_readers_give_the_same_digest_and_others_another(database: Database) -> None:
    add_readers(database, 3)
    before = audience_digest(database, "salt")
    assert audience_digest(database, "salt") == before
    with database.writing() as connection:
        connection.execute(
            update(subscribers)
            .where(subscribers.c.email == "reader2@example.com")
            .values(status="unsubscribed")
        )
    without_one = audience_digest(database, "salt")
    with database.writing() as connection:
        connection.execute(
            insert(suppressions).values(
                email_key="reader3@example.com", reason="bounced", created_at=NOON
            )
        )
    without_two = audience_digest(database, "salt")
    assert len({before, without_one, without_two}) == 3


def test_one_for_one_is_another_audience(database: Database) -> None:
    add_readers(database, 2)
    before = audience_digest(database, "salt")
    with database.writing() as connection:
        connection.execute(
            update(subscribers)
            .where(subscribers.c.email == "reader2@example.com")
            .values(token="token9999")
        )
    assert audience_digest(database, "salt") != before


def test_with_another_salt_nobody_can_compare(database: Database) -> None:
    add_readers(database, 2)
    assert new_salt() != new_salt()
    assert audience_digest(database, "one") != audience_digest(database, "two")
