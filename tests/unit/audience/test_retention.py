from __future__ import annotations

import datetime

import pytest
from sqlalchemy import func, insert, select

from newsletter.audience.retention import Erased, count, erase
from newsletter.audience.retention_options import RetentionOptions
from newsletter.database.engine import Database
from newsletter.database.tables import (
    campaigns,
    deliveries,
    feedback,
    subscribers,
    subscriptions,
)

NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
OPTIONS = RetentionOptions()


def days(number: float) -> datetime.datetime:
    return NOW - datetime.timedelta(days=number)


@pytest.fixture
def filled(database: Database) -> Database:
    """Readers who signed up 8 and 6 days ago, one who confirmed; letters of long ago and now."""
    rows = [
        ("old@example.com", "pending", days(8)),
        ("new@example.com", "pending", days(6)),
        ("reader@example.com", "confirmed", days(400)),
    ]
    with database.writing() as connection:
        for number, (email, status, asked) in enumerate(rows, 1):
            connection.execute(
                insert(subscribers).values(
                    id=number,
                    email=email,
                    email_key=email,
                    email_hash=str(number),
                    attributes={},
                    created_at=asked,
                )
            )
            connection.execute(
                insert(subscriptions).values(
                    id=number,
                    subscriber_id=number,
                    list="main",
                    status=status,
                    requested_at=asked,
                    source="form",
                )
            )
        for number, ended in ((1, days(91)), (2, days(1)), (3, None)):
            connection.execute(
                insert(campaigns).values(
                    id=number,
                    slug=f"issue-{number}",
                    digest="d",
                    sender={},
                    transport="t",
                    lists=["main"],
                    started_at=days(120),
                    finished_at=ended,
                )
            )
            connection.execute(
                insert(deliveries).values(
                    campaign_id=number,
                    subscriber_id=3,
                    subscription_id=3,
                    state="accepted",
                    message_id=f"<{number}@example.org>",
                    detail="250 ok",
                    updated_at=days(120),
                )
            )
    return database


def test_what_is_older_than_the_settings_allow_is_erased(filled: Database) -> None:
    assert count(filled, OPTIONS, NOW) == Erased(unconfirmed=1, deliveries=1)
    assert erase(filled, OPTIONS, NOW) == Erased(unconfirmed=1, deliveries=1)
    with filled.reading() as connection:
        emails = connection.scalars(select(subscribers.c.email).order_by(subscribers.c.id)).all()
        d = deliveries.c
        query = select(d.campaign_id, d.subscriber_id, d.message_id, d.state).order_by(d.id)
        rows = connection.execute(query).all()
    assert emails == ["new@example.com", "reader@example.com"]
    assert rows == [
        (1, None, None, "accepted"),
        (2, 3, "<2@example.org>", "accepted"),
        (3, 3, "<3@example.org>", "accepted"),
    ]


def test_the_second_time_there_is_nothing_to_erase(filled: Database) -> None:
    erase(filled, OPTIONS, NOW)
    assert erase(filled, OPTIONS, NOW) == Erased(0, 0)


def test_counts_of_old_letters_stay(filled: Database) -> None:
    erase(filled, OPTIONS, NOW)
    with filled.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(deliveries)) == 3


def test_the_settings_say_how_long(filled: Database) -> None:
    options = RetentionOptions(unconfirmed_days=5, deliveries_days=200)
    assert count(filled, options, NOW) == Erased(unconfirmed=2, deliveries=0)


def test_reports_about_other_peoples_letters_are_kept_for_a_month(filled: Database) -> None:
    def came_back(key: str, at: datetime.datetime, **whose: int) -> dict[str, object]:
        return {
            "key": key,
            "kind": "hard",
            "source": "mail",
            "occurred_at": at,
            "recorded_at": at,
            "delivery_id": None,
            "subscriber_id": None,
            **whose,
        }

    rows = [
        came_back("nobody's, old", days(31)),
        came_back("nobody's, new", days(29)),
        came_back("a letter's", days(31), delivery_id=2),
        came_back("a reader's", days(31), subscriber_id=3),
    ]
    with filled.writing() as connection:
        connection.execute(insert(feedback), rows)
    erase(filled, OPTIONS, NOW)
    with filled.reading() as connection:
        kept = set(connection.scalars(select(feedback.c.key)))
    assert kept == {"nobody's, new", "a letter's", "a reader's"}
