"""A database with a letter that was sent."""

from __future__ import annotations

import datetime

from sqlalchemy import insert

from newsletter.database.engine import Database
from newsletter.database.tables import (
    campaigns,
    clicks,
    deliveries,
    feedback,
    subscribers,
    subscriptions,
)

BEGIN = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)


def fill(database: Database) -> None:
    """A letter to 30 readers: 24 taken, one of whom bounced, one complained, three left."""
    states = ["accepted"] * 22 + ["bounced", "complained", "failed", "failed", "unknown"]
    states += ["suppressed", "suppressed", "deferred"]
    with database.writing() as connection:
        for number in (1, 2):
            connection.execute(
                insert(campaigns).values(
                    id=number,
                    slug=f"2026-11-{13 + 7 * number}",
                    digest="d",
                    sender={},
                    transport="t",
                    lists=["main"],
                    started_at=BEGIN + datetime.timedelta(days=7 * (number - 1)),
                )
            )
        for number, state in enumerate(states, 1):
            email = f"r{number}@{'example.com' if number % 3 else 'example.org'}"
            connection.execute(
                insert(subscribers).values(
                    id=number,
                    email=email,
                    email_key=email,
                    email_hash=str(number),
                    attributes={},
                    created_at=BEGIN,
                )
            )
            left = {1: 1, 2: 2, 3: 6, 4: 8, 5: -1}.get(number)
            connection.execute(
                insert(subscriptions).values(
                    id=number,
                    subscriber_id=number,
                    list="main",
                    status="confirmed" if left is None else "unsubscribed",
                    unsubscribed_at=None if left is None else BEGIN + datetime.timedelta(days=left),
                    source="form",
                )
            )
            connection.execute(
                insert(deliveries).values(
                    id=number,
                    campaign_id=1,
                    subscriber_id=number,
                    state=state,
                    updated_at=BEGIN + datetime.timedelta(minutes=number),
                )
            )
        for key, delivery, kind in (("a", 23, "hard"), ("b", 24, "complaint"), ("c", 1, "soft")):
            connection.execute(
                insert(feedback).values(
                    key=key,
                    delivery_id=delivery,
                    subscriber_id=delivery,
                    kind=kind,
                    source="mailbox",
                    occurred_at=BEGIN + datetime.timedelta(hours=delivery),
                    recorded_at=BEGIN,
                )
            )
        for day, number in ((20, 3), (21, 4)):
            connection.execute(
                insert(clicks).values(
                    slug="2026-11-20",
                    url="https://example.org/a",
                    day=datetime.date(2026, 11, day),
                    number=number,
                )
            )
