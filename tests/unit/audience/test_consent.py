from __future__ import annotations

import datetime
from typing import Any

import pytest
from sqlalchemy import insert

from newsletter.audience.consent import Audit, Gap, SilentImport, audit
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, subscriptions, suppressions, wordings

NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
COMPLETE: dict[str, Any] = {
    "list": "main",
    "status": "confirmed",
    "requested_at": NOW,
    "confirmed_at": NOW,
    "source": "form",
    "wording": "w" * 64,
}


def subscribe(database: Database, **different: Any) -> None:
    with database.writing() as connection:
        connection.execute(
            insert(subscribers).values(
                id=1,
                email="ann@example.com",
                email_key="ann@example.com",
                email_hash="h",
                attributes={},
                created_at=NOW,
            )
        )
        connection.execute(
            insert(wordings).values(hash="w" * 64, text="I want it.", created_at=NOW)
        )
        connection.execute(
            insert(subscriptions).values(subscriber_id=1, **{**COMPLETE, **different})
        )


@pytest.mark.parametrize(
    "different",
    [
        {},
        {"source": "import of list.csv: forms", "requested_at": None, "wording": ""},
        {"source": "import of list.csv (their form)", "requested_at": None, "wording": ""},
        {"status": "pending", "confirmed_at": None},
        {"status": "unsubscribed", "confirmed_at": None},
    ],
)
def test_a_complete_record_has_no_gap(database: Database, different: dict[str, Any]) -> None:
    subscribe(database, **different)
    mailed = different.get("status", "confirmed") == "confirmed"
    assert audit(database) == Audit(int(mailed), 0, (), ())


@pytest.mark.parametrize(
    ("different", "missing"),
    [
        ({"confirmed_at": None}, "when it was confirmed"),
        ({"requested_at": None}, "when they asked for it"),
        ({"wording": ""}, "what they were shown"),
        ({"wording": "x" * 64}, "what they were shown"),
        ({"source": ""}, "how they came"),
    ],
)
def test_what_is_missing_is_named(
    database: Database, different: dict[str, Any], missing: str
) -> None:
    subscribe(database, **different)
    assert audit(database) == Audit(0, 1, (), (Gap("ann@example.com", "main", missing),))


def test_who_is_never_mailed_needs_no_record(database: Database) -> None:
    subscribe(database, confirmed_at=None)
    with database.writing() as connection:
        connection.execute(
            insert(suppressions).values(email_hash="h", reason="bounce", created_at=NOW)
        )
    assert audit(database) == Audit(0, 0, (), ())


def test_an_import_that_does_not_say_how_they_agreed_is_a_gap(database: Database) -> None:
    subscribe(database, source="import of list.csv", requested_at=None, wording="")
    found = audit(database)
    assert found == Audit(0, 1, (SilentImport("import of list.csv", "main", 1),), ())
    assert found.unstated == 1
