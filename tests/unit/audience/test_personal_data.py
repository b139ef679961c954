from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from sqlalchemy import insert, inspect, select, text, update

from newsletter.audience.personal_data import forget, personal_data
from newsletter.database.engine import Database
from newsletter.database.tables import (
    address_changes,
    campaigns,
    confirmations,
    deliveries,
    feedback,
    metadata,
    requests,
    subscribers,
    subscriptions,
    suppressions,
    wordings,
)
from newsletter.errors import NotFoundError

NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
CANARY = "canary@example.com"


@pytest.fixture
def filled(database: Database) -> Database:
    """One reader with something in every table, and another one."""
    rows: list[tuple[Any, dict[str, Any]]] = []
    for number, email in ((1, "Canary@example.com"), (2, "other@example.com")):
        key = email.lower()
        hashed = database.keys.hash(key)
        rows += [
            (
                subscribers,
                {
                    "id": number,
                    "email": email,
                    "email_key": key,
                    "email_hash": hashed,
                    "name": f"Name {number}",
                    "language": "uk",
                    "attributes": {"city": "Lviv"},
                    "certificate": b"cert%d" % number,
                    "created_at": NOW,
                },
            ),
            (confirmations, {"email_hash": hashed, "sent": 1, "last_at": NOW}),
            (
                requests,
                {
                    "kind": "subscribe",
                    "content": {"email": f" {email}", "list": "main"},
                    "created_at": NOW,
                    "next_attempt_at": NOW,
                },
            ),
        ]
    rows += [
        (wordings, {"hash": "w" * 64, "text": "I want the letter.", "created_at": NOW}),
        (
            subscriptions,
            {
                "id": 1,
                "subscriber_id": 1,
                "list": "main",
                "status": "confirmed",
                "requested_at": NOW,
                "confirmed_at": NOW,
                "source": "form",
                "wording": "w" * 64,
            },
        ),
        (
            campaigns,
            {
                "id": 1,
                "slug": "2026-11-20",
                "digest": "d",
                "sender": {},
                "transport": "t",
                "started_at": NOW,
                "lists": ["main"],
            },
        ),
        (
            deliveries,
            {
                "id": 1,
                "campaign_id": 1,
                "subscriber_id": 1,
                "subscription_id": 1,
                "state": "accepted",
                "message_id": "<canary-id@example.org>",
                "updated_at": NOW,
                "detail": "250 ok",
            },
        ),
        (
            feedback,
            {
                "key": "k",
                "delivery_id": 1,
                "subscriber_id": 1,
                "kind": "soft",
                "source": "mailbox",
                "occurred_at": NOW,
                "recorded_at": NOW,
            },
        ),
        (
            address_changes,
            {
                "subscriber_id": 2,
                "email": "Canary@example.com",
                "email_key": CANARY,
                "requested_at": NOW,
            },
        ),
    ]
    with database.writing() as connection:
        for table, values in rows:
            connection.execute(insert(table).values(**values))
    return database


def everything(database: Database) -> str:
    """All values of all tables, as text."""
    found = []
    with database.reading() as connection:
        for name in inspect(connection).get_table_names():
            found += [str(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]  # noqa: S608
    return "\n".join(found)


def test_one_json_holds_all_that_is_known(filled: Database) -> None:
    held = personal_data(filled, "canary@EXAMPLE.com")
    said = json.dumps(held)
    for expected in (
        "Canary@example.com",
        "Name 1",
        "Lviv",
        b"cert1".hex(),
        "I want the letter.",
        "2026-11-20T09:00:00+00:00",
        "<canary-id@example.org>",
        "250 ok",
        "soft",
        "subscribe",
        '"sent": 1',
    ):
        assert expected in said
    assert "other@example.com" not in said


def test_every_table_about_readers_is_looked_into() -> None:
    about_readers = {
        table.name
        for table in metadata.sorted_tables
        if {"subscriber_id", "email", "email_key", "email_hash", "content"} & set(table.c.keys())
    } - {"plain_suppressions", "editions"}  # gone once the keys are known; holds letters
    shown = {
        "subscribers",
        "subscriptions",
        "deliveries",
        "feedback",
        "address_changes",
        "former_addresses",
        "requests",
        "suppressions",
        "confirmations",
    }
    assert about_readers == shown


def test_who_is_forgotten_is_nowhere_and_stays_suppressed(filled: Database) -> None:
    assert forget(filled, CANARY, NOW)
    left = everything(filled)
    for gone in ("anary", "Name 1", "canary-id", "250 ok", "cert1"):
        assert gone not in left
    assert "other@example.com" in left
    with filled.reading() as connection:
        kept = connection.execute(select(suppressions)).one()
        states = connection.scalars(select(deliveries.c.state)).all()
    assert (kept.email_hash, kept.reason) == (filled.keys.hash(CANARY), "forgotten")
    assert states == ["accepted"]
    assert set(personal_data(filled, CANARY)["suppression"][0]) == {
        "reason",
        "detail",
        "source",
        "created_at",
    }


def test_what_a_release_has_forgiven_is_still_shown_and_forgotten(filled: Database) -> None:
    with filled.writing() as connection:
        connection.execute(update(feedback).values(subscriber_id=None, detail="450 later"))
    assert personal_data(filled, CANARY)["came_back"][0]["detail"] == "450 later"
    forget(filled, CANARY, NOW)
    assert "450 later" not in everything(filled)
    with filled.reading() as connection:
        assert connection.scalars(select(feedback.c.kind)).all() == ["soft"]


def test_forgetting_somebody_unknown_keeps_them_away_all_the_same(database: Database) -> None:
    assert not forget(database, CANARY, NOW)
    assert personal_data(database, CANARY)["suppression"][0]["reason"] == "forgotten"
    assert not forget(database, CANARY, NOW)


def test_letters_of_the_forgotten_are_shown_to_nobody(filled: Database) -> None:
    forget(filled, CANARY, NOW)
    assert personal_data(filled, CANARY)["letters"] == []
    forget(filled, "never@example.com", NOW)
    held = personal_data(filled, "never@example.com")
    assert (held["letters"], held["came_back"]) == ([], [])
    with pytest.raises(NotFoundError):
        personal_data(filled, "stranger@example.com")


def test_forgetting_somebody_unknown_leaves_a_message_in_hand_its_identifier(
    filled: Database,
) -> None:
    with filled.writing() as connection:
        connection.execute(update(deliveries).values(state="claimed"))
    forget(filled, CANARY, NOW)
    with filled.writing() as connection:
        connection.execute(update(deliveries).values(state="unknown", detail="no answer"))
    forget(filled, "never@example.com", NOW)
    with filled.reading() as connection:
        kept = connection.execute(select(deliveries.c.message_id, deliveries.c.detail)).one()
    assert tuple(kept) == ("<canary-id@example.org>", "no answer")


def test_of_an_unknown_address_nothing_is_held(database: Database) -> None:
    with pytest.raises(NotFoundError, match="nothing is held"):
        personal_data(database, CANARY)
