"""Readers, deliveries and events to test with."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select, update

from newsletter.audience.address import parse
from newsletter.audience.tokens import Purpose, seal
from newsletter.database.engine import Database
from newsletter.database.states import Kind, State, Subscription, Suppressed
from newsletter.database.tables import (
    campaigns,
    deliveries,
    feedback,
    subscribers,
    subscriptions,
    suppressions,
    workers,
)
from newsletter.feedback.event import About, Event, Notice, event_key

NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
DOMAIN = "letter.example.org"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Sent:
    """One reader and the delivery to them."""

    database: Database
    email: str
    campaign: int
    delivery: int
    subscriber: int
    subscription: int
    message_id: str

    @property
    def token(self) -> str:
        """Stands in the envelope sender of the message."""
        return seal(self.database.keys, Purpose.BOUNCE, self.delivery)

    @property
    def unsubscribe_token(self) -> str:
        """Stands in the reader's unsubscribe links."""
        keys = self.database.keys
        return seal(keys, Purpose.UNSUBSCRIBE, self.subscription, self.campaign)

    @property
    def message_key(self) -> str:
        """Stands in requests to providers."""
        return self.message_id.strip("<>").partition("@")[0]

    def set(self, state: State) -> None:
        """As if the sender had written it."""
        with self.database.writing() as connection:
            connection.execute(
                update(deliveries).where(deliveries.c.id == self.delivery).values(state=state)
            )

    def reply(self, state: State) -> None:
        """What the sender writes when the answer has come: only what it has in hand."""
        with self.database.writing() as connection:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == self.delivery, deliveries.c.state == State.ATTEMPTING)
                .values(state=state, detail="250 OK", worker_id=None)
            )

    @property
    def state(self) -> str:
        """State of the delivery."""
        return str(self.one(select(deliveries.c.state).where(deliveries.c.id == self.delivery)))

    @property
    def detail(self) -> str:
        """Detail of the delivery."""
        return str(self.one(select(deliveries.c.detail).where(deliveries.c.id == self.delivery)))

    @property
    def suppressed(self) -> str | None:
        """Why the reader is not mailed any more, if so."""
        key = suppressions.c.email_hash == self.database.keys.hash(parse(self.email).key)
        found = self.one(select(suppressions.c.reason).where(key))
        return None if found is None else str(found)

    @property
    def subscribed(self) -> bool:
        """Whether the reader is on the list."""
        status = select(subscriptions.c.status).where(subscriptions.c.id == self.subscription)
        return bool(self.one(status) == Subscription.CONFIRMED)

    def all(self) -> dict[str, Any]:
        """All that feedback may change, for comparing."""
        its = feedback.c.delivery_id == self.delivery
        rows = select(feedback.c.kind, feedback.c.status, feedback.c.detail, feedback.c.occurred_at)
        key = suppressions.c.email_hash == self.database.keys.hash(parse(self.email).key)
        columns = (suppressions.c.reason, suppressions.c.detail, suppressions.c.created_at)
        with self.database.reading() as connection:
            return {
                "feedback": sorted(map(str, connection.execute(rows.where(its)))),
                "suppression": list(map(str, connection.execute(select(*columns).where(key)))),
                "state": (self.state, self.detail),
                "subscribed": self.subscribed,
            }

    def one(self, query: Any) -> Any:
        """One value."""
        with self.database.reading() as connection:
            return connection.scalar(query)

    def event(
        self,
        kind: Kind,
        *,
        at: datetime.datetime = NOW,
        suppresses: Suppressed | None = None,
        name: str = "",
        **notice: str,
    ) -> Event:
        """An event that is proved to be about it."""
        key = event_key("test", str(self.delivery), kind, at.isoformat(), name)
        notices = (Notice(kind, suppresses=suppresses, **notice),)
        return Event(key, "test", at, About(delivery=self.delivery), notices)


def send_again(sent: Sent, at: datetime.datetime, *, state: State = State.ACCEPTED) -> Sent:
    """The next letter to the same reader, sent at some time."""
    campaign = new_campaign(sent.database)
    message_id = f"<{next(_numbers):032x}@{DOMAIN}>"
    with sent.database.writing() as connection:
        delivery = connection.execute(
            insert(deliveries)
            .values(
                campaign_id=campaign,
                subscriber_id=sent.subscriber,
                subscription_id=sent.subscription,
                state=state,
                detail="250 OK",
                attempts=1,
                message_id=message_id,
                first_claimed_at=at,
                updated_at=at,
            )
            .returning(deliveries.c.id)
        ).scalar_one()
    return replace(sent, campaign=campaign, delivery=delivery, message_id=message_id)


def new_campaign(database: Database) -> int:
    """A campaign that is under way."""
    with database.writing() as connection:
        return int(
            connection.execute(
                insert(campaigns)
                .values(
                    slug="2026-11-20",
                    digest="0" * 64,
                    sender={"address": f"letter@{DOMAIN}"},
                    transport="test",
                    started_at=NOW - DAY,
                )
                .returning(campaigns.c.id)
            ).scalar_one()
        )


def send(
    database: Database, *, state: State = State.ACCEPTED, campaign: int = 0, email: str = ""
) -> Sent:
    """A reader, and a delivery to them in some state."""
    number = next(_numbers)
    email = email or f"reader{number}@example.com"
    campaign = campaign or new_campaign(database)
    address = parse(email)
    message_id = f"<{number:032x}@{DOMAIN}>"
    with database.writing() as connection:
        subscriber = connection.execute(
            insert(subscribers)
            .values(
                email=address.email,
                email_key=address.key,
                email_hash=database.keys.hash(address.key),
                attributes={},
                created_at=NOW,
            )
            .returning(subscribers.c.id)
        ).scalar_one()
        subscription = connection.execute(
            insert(subscriptions)
            .values(
                subscriber_id=subscriber,
                list="main",
                status=Subscription.CONFIRMED,
                source="test",
                confirmed_at=NOW - 30 * DAY,
            )
            .returning(subscriptions.c.id)
        ).scalar_one()
        worker = connection.execute(
            insert(workers)
            .values(started_at=NOW, lease_until=NOW + 3650 * DAY)
            .returning(workers.c.id)
        ).scalar_one()
        delivery = connection.execute(
            insert(deliveries)
            .values(
                campaign_id=campaign,
                subscriber_id=subscriber,
                subscription_id=subscription,
                state=state,
                attempts=1,
                message_id=message_id,
                updated_at=NOW,
                worker_id=worker,
            )
            .returning(deliveries.c.id)
        ).scalar_one()
    return Sent(database, email, campaign, delivery, subscriber, subscription, message_id)
