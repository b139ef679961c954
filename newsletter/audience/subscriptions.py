"""Subscriptions: who asked for a list, confirmed it, or left it, and what they were shown."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection

from sqlalchemy import Connection, exists, select

from newsletter.audience.address import Address
from newsletter.database.dialects import insert_ignoring
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.states import Subscription
from newsletter.database.tables import confirmations, subscribers, subscriptions, wordings

_BLOCK = 500
"""Rows erased at a time, so that others need not wait for long."""

_OPEN = (Subscription.PENDING.value, Subscription.CONFIRMED.value)


def remember_wording(connection: Connection, text: str, now: datetime.datetime) -> str:
    """Keep what readers are shown when they agree, once for all of them.

    Returns:
        SHA-256 of the text, in hex: stands in their subscriptions.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    new = insert_ignoring(connection, wordings, wordings.c.hash)
    connection.execute(new.values(hash=digest, text=text, created_at=now))
    return digest


def request(
    connection: Connection,
    keys: Keys,
    address: Address,
    list_name: str,
    *,
    language: str,
    source: str,
    wording: str,
    now: datetime.datetime,
) -> int:
    """Write down that somebody asked for a list; a subscription that is confirmed stays as it is.

    Whoever had left keeps the day of it until they confirm: a request that somebody else made, or
    that is never confirmed, must not bring them back.

    Args:
        connection: In ``writing()``.
        keys: Those of the database.
        address: Whose mailbox is said to be theirs.
        list_name: Name of the list.
        language: BCP 47, or empty: of a reader who is new, and their own word.
        source: Where they asked: which form.
        wording: From ``remember_wording``, or empty.
        now: When they asked.

    Returns:
        Number of the subscription.
    """
    connection.execute(
        insert_ignoring(connection, subscribers, subscribers.c.email_key).values(
            email=address.email,
            email_key=address.key,
            email_hash=keys.hash(address.key),
            language=language,
            own_fields=["language"] if language else [],
            attributes={},
            created_at=now,
        )
    )
    known = select(subscribers.c.id).where(subscribers.c.email_key == address.key)
    subscriber_id = connection.execute(known).scalar_one()
    asked = {"requested_at": now, "source": source, "wording": wording}
    connection.execute(
        insert_ignoring(
            connection, subscriptions, subscriptions.c.subscriber_id, subscriptions.c.list
        ).values(
            subscriber_id=subscriber_id,
            list=list_name,
            status=Subscription.PENDING.value,
            **asked,
        )
    )
    ours = (subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.list == list_name)
    connection.execute(
        subscriptions.update()
        .where(*ours, subscriptions.c.status != Subscription.CONFIRMED.value)
        .values(status=Subscription.PENDING.value, **asked)
    )
    number: int = connection.execute(select(subscriptions.c.id).where(*ours)).scalar_one()
    return number


def confirm(database: Database, subscription_id: int, now: datetime.datetime) -> bool:
    """The reader has shown that the mailbox is theirs.

    What the same reader asked for in the same moment, by the same form, is confirmed with it.

    Returns:
        Whether anything changed: only what is pending can be confirmed.

    Raises:
        DatabaseError: The database cannot be written.
    """
    with database.writing() as connection:
        return confirm_in(connection, subscription_id, now)


def confirm_in(connection: Connection, subscription_id: int, now: datetime.datetime) -> bool:
    """The same, in a transaction that is open."""
    row = connection.execute(
        select(subscriptions.c.subscriber_id, subscriptions.c.requested_at).where(
            subscriptions.c.id == subscription_id,
            subscriptions.c.status == Subscription.PENDING.value,
        )
    ).one_or_none()
    if row is None:
        return False
    if row.requested_at is None:
        return confirm_only(connection, subscription_id, now)
    together = select(subscriptions.c.id).where(
        subscriptions.c.subscriber_id == row.subscriber_id,
        subscriptions.c.requested_at == row.requested_at,
    )
    numbers = connection.execute(together).scalars().all()
    return sum(confirm_only(connection, number, now) for number in numbers) > 0


def confirm_only(connection: Connection, subscription_id: int, now: datetime.datetime) -> bool:
    """One subscription, whatever was asked for with it; True if it was pending."""
    changed = connection.execute(
        subscriptions.update()
        .where(
            subscriptions.c.id == subscription_id,
            subscriptions.c.status == Subscription.PENDING.value,
        )
        .values(status=Subscription.CONFIRMED.value, confirmed_at=now, unsubscribed_at=None)
    )
    # Who has confirmed may be asked again another time.
    theirs = select(subscribers.c.email_hash).join(subscriptions)
    hashed = theirs.where(subscriptions.c.id == subscription_id).scalar_subquery()
    connection.execute(confirmations.delete().where(confirmations.c.email_hash == hashed))
    return changed.rowcount > 0


def unsubscribe(database: Database, subscription_id: int, now: datetime.datetime) -> bool:
    """The reader leaves the list; the row stays, so that no import brings them back.

    Returns:
        Whether it changed: False when they had left, or there is no such subscription.

    Raises:
        DatabaseError: The database cannot be written.
    """
    with database.writing() as connection:
        return unsubscribe_in(connection, [subscription_id], now) > 0


def unsubscribe_in(
    connection: Connection, subscription_ids: Collection[int], now: datetime.datetime
) -> int:
    """Several leave at once, in a transaction that is open; returns how many had not yet left."""
    left = connection.execute(
        subscriptions.update()
        .where(subscriptions.c.id.in_(subscription_ids), subscriptions.c.status.in_(_OPEN))
        .values(status=Subscription.UNSUBSCRIBED.value, unsubscribed_at=now)
    )
    return left.rowcount


def leave_all(connection: Connection, subscriber_id: int, now: datetime.datetime) -> int:
    """A reader leaves every list; returns how many they had been on."""
    left = connection.execute(
        subscriptions.update()
        .where(subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.status.in_(_OPEN))
        .values(status=Subscription.UNSUBSCRIBED.value, unsubscribed_at=now)
    )
    return left.rowcount


def erase_unconfirmed(database: Database, before: datetime.datetime) -> int:
    """Erase what was asked for and never confirmed, and readers of whom nothing else is left.

    Whoever had left before somebody asked in their name has left again.

    Args:
        database: Where.
        before: Requests older than this.

    Returns:
        How many subscriptions were erased or put back.

    Raises:
        DatabaseError: The database cannot be written.
    """
    old = (
        subscriptions.c.status == Subscription.PENDING.value,
        subscriptions.c.requested_at < before,
    )
    changed = 0
    while True:
        # Looked for first, which may take long and keeps nobody from writing.
        some = select(subscriptions.c.id, subscriptions.c.subscriber_id).where(*old).limit(_BLOCK)
        with database.reading() as connection:
            found = connection.execute(some).all()
        if not found:
            return changed
        numbers = [row.id for row in found]
        with database.writing() as connection:
            these = (*old, subscriptions.c.id.in_(numbers))
            back = connection.execute(
                subscriptions.update()
                .where(*these, subscriptions.c.unsubscribed_at.is_not(None))
                .values(status=Subscription.UNSUBSCRIBED.value)
            )
            gone = connection.execute(subscriptions.delete().where(*these))
            on_some = exists().where(subscriptions.c.subscriber_id == subscribers.c.id)
            theirs = {row.subscriber_id for row in found}
            connection.execute(subscribers.delete().where(subscribers.c.id.in_(theirs), ~on_some))
        changed += back.rowcount + gone.rowcount
