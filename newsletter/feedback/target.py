"""Which delivery and which reader an event is proved to be about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Executable, bindparam, select

from newsletter.audience.address import parse
from newsletter.database.states import State, Subscription
from newsletter.database.tables import campaigns, deliveries, subscribers, subscriptions
from newsletter.errors import AudienceError
from newsletter.feedback.event import About


@dataclass(frozen=True, slots=True)
class Target:
    """What an event is about.

    Attributes:
        delivery: Number of the delivery; None if it is of the reader alone.
        campaign: Number of its campaign; 0 for none.
        state: State of the delivery.
        subscription: Number of the reader's subscription, if it is known; 0 if not.
        subscriber: Number of the reader; None if they are gone.
        email: Their address now, or empty.
        email_hash: Its hash, or empty.
    """

    delivery: int | None
    campaign: int
    state: State
    subscription: int
    subscriber: int | None
    email: str
    email_hash: str

    def is_reader(self, address: str) -> bool:
        """Whether an address is the reader's, in whatever spelling."""
        try:
            return parse(address).key == parse(self.email).key
        except AudienceError:
            return False


class Targets:
    """Finds what events are about, within one transaction.

    Args:
        connection: Where to look.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._domains: tuple[str, ...] | None = None

    def find(self, about: About) -> Target | None:
        """What it is about; None if nothing proves that it is about a message of ours."""
        for query, values in self._queries(about):
            row = self._connection.execute(query, values).one_or_none()
            if row is not None:
                return Target(
                    row.id,
                    row.campaign_id,
                    State(row.state),
                    about.subscription or row.subscription_id or 0,
                    row.subscriber_id,
                    row.email or "",
                    row.email_hash or "",
                )
        return self._reader(about.subscription or self._only_one_of(about.author))

    def _queries(self, about: About) -> Iterator[tuple[Executable, Mapping[str, object]]]:
        if about.delivery:
            yield _BY_NUMBER, {"delivery": about.delivery}
        for message_id in (*about.message_ids, *self._spelt_out(about.message_key)):
            if not _OURS.fullmatch(message_id):  # others need not be looked for, nor could all be
                continue
            yield _BY_MESSAGE_ID, {"message_id": message_id}
        if about.subscription and about.campaign:
            values = {"campaign": about.campaign, "subscription": about.subscription}
            yield _BY_LINK, values

    def _spelt_out(self, message_key: str) -> Iterable[str]:
        """The Message-IDs that a key can stand for: it lacks the domain."""
        if not message_key:
            return ()
        if self._domains is None:
            rows = self._connection.execute(
                select(campaigns.c.sender).order_by(campaigns.c.id.desc())
            ).scalars()
            found = (str(sender.get("address", "")).rpartition("@")[2] for sender in rows)
            self._domains = tuple(dict.fromkeys(found))
        return [f"<{message_key}@{domain}>" for domain in self._domains]

    def _only_one_of(self, author: str) -> int:
        """The only subscription of an address; 0 if it has none, or several to choose from."""
        if not author:
            return 0
        try:
            key = parse(author).key
        except AudienceError:
            return 0
        found = self._connection.execute(
            select(subscriptions.c.id)
            .join_from(subscriptions, subscribers)
            .where(
                subscribers.c.email_key == key,
                subscriptions.c.status == Subscription.CONFIRMED,
            )
            .limit(2)
        ).all()
        return found[0].id if len(found) == 1 else 0

    def _reader(self, subscription: int) -> Target | None:
        if not subscription:
            return None
        row = self._connection.execute(
            select(subscribers.c.id, subscribers.c.email, subscribers.c.email_hash)
            .join_from(subscriptions, subscribers)
            .where(subscriptions.c.id == subscription)
        ).one_or_none()
        if row is None:
            return None
        return Target(None, 0, State.PLANNED, subscription, row.id, row.email, row.email_hash)


_DELIVERY = select(
    deliveries.c.id,
    deliveries.c.campaign_id,
    deliveries.c.state,
    deliveries.c.subscription_id,
    deliveries.c.subscriber_id,
    subscribers.c.email,
    subscribers.c.email_hash,
).join_from(deliveries, subscribers, isouter=True)

_OURS = re.compile(r"<[!-~]{1,250}>")

# Made once: to make a statement takes longer than SQLite takes to carry it out.
_BY_NUMBER = _DELIVERY.where(deliveries.c.id == bindparam("delivery"))
_BY_MESSAGE_ID = _DELIVERY.where(deliveries.c.message_id == bindparam("message_id"))
_BY_LINK = _DELIVERY.where(
    deliveries.c.campaign_id == bindparam("campaign"),
    deliveries.c.subscriber_id
    == select(subscriptions.c.subscriber_id)
    .where(subscriptions.c.id == bindparam("subscription"))
    .scalar_subquery(),
)
