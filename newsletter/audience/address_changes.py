"""A reader moves to another mailbox: done when a link from each of the two has been used."""

from __future__ import annotations

import datetime

from sqlalchemy import Connection, Row, func, select

from newsletter.audience.address import Address
from newsletter.audience.letters_in_hand import hold_still, redirect
from newsletter.audience.subscriptions import confirm_only, leave_all, request
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.states import Subscription
from newsletter.database.tables import address_changes, former_addresses, subscribers, subscriptions

VALID = datetime.timedelta(days=7)
"""Both links must be used within this time."""

_MOST = 3
_PAUSE = datetime.timedelta(hours=24)


def begin(
    connection: Connection, subscriber_id: int, address: Address, now: datetime.datetime
) -> int | None:
    """Write down that a reader wishes to move; the same wish twice is one.

    Args:
        connection: In ``writing()``.
        subscriber_id: Who.
        address: Where to.
        now: When they asked.

    Returns:
        Number of the change; None if there is no such reader, it is their address already, or they
        have asked too often today.
    """
    reader = connection.execute(
        select(subscribers.c.email_key).where(subscribers.c.id == subscriber_id)
    ).scalar_one_or_none()
    if reader is None or reader == address.key:
        return None
    mine = address_changes.c.subscriber_id == subscriber_id
    same = (mine, address_changes.c.email_key == address.key, address_changes.c.requested_at == now)
    known: int | None = connection.execute(
        select(address_changes.c.id).where(*same)
    ).scalar_one_or_none()
    if known is not None:
        return known
    recent = (
        select(func.count())
        .select_from(address_changes)
        .where(mine, address_changes.c.requested_at > now - _PAUSE)
    )
    if (connection.scalar(recent) or 0) >= _MOST:
        return None
    added = connection.execute(
        address_changes.insert()
        .values(
            subscriber_id=subscriber_id,
            email=address.email,
            email_key=address.key,
            requested_at=now,
        )
        .returning(address_changes.c.id)
    )
    number: int = added.scalar_one()
    return number


def prove(database: Database, change_id: int, *, new: bool, now: datetime.datetime) -> bool:
    """The link in one of the two mailboxes was used; with both, the reader moves.

    If the new address is another reader's, both mailboxes are the same person's: the lists are
    taken over there, and the old address leaves them. So every link in every letter that was ever
    sent goes on to mean what it meant. Of a letter that is being sent they get one copy.

    Args:
        database: Where.
        change_id: From ``begin``.
        new: Whether it was the new mailbox.
        now: The time.

    Returns:
        Whether the reader has moved, now or before; False while the other link is missing, or if
        there is no such change any more.

    Raises:
        DatabaseError: The database cannot be written.
    """
    column = address_changes.c.new_proved_at if new else address_changes.c.old_proved_at
    with database.writing() as connection:
        connection.execute(
            address_changes.update()
            .where(address_changes.c.id == change_id, column.is_(None))
            .values({column: now})
        )
        change = connection.execute(
            select(address_changes).where(address_changes.c.id == change_id).with_for_update()
        ).one_or_none()
        if change is None or not (change.old_proved_at and change.new_proved_at):
            return False
        _move(connection, database.keys, change, now)
        return True


def _move(
    connection: Connection, keys: Keys, change: Row[tuple[object, ...]], now: datetime.datetime
) -> None:
    other = connection.execute(
        select(subscribers.c.id).where(subscribers.c.email_key == change.email_key)
    ).scalar_one_or_none()
    if other == change.subscriber_id:
        return
    if other is None:
        _take_along(connection, change, keys.hash(change.email_key), now)
        return
    hold_still(connection)
    instead: dict[int, int] = {}
    theirs = select(subscriptions).where(
        subscriptions.c.subscriber_id == change.subscriber_id,
        subscriptions.c.status == Subscription.CONFIRMED.value,
    )
    for subscription in connection.execute(theirs).all():
        number = request(
            connection,
            keys,
            Address(change.email, change.email_key),
            subscription.list,
            language="",
            source=subscription.source,
            wording=subscription.wording,
            now=subscription.requested_at or now,
        )
        confirm_only(connection, number, now)
        instead[subscription.id] = number
    leave_all(connection, change.subscriber_id, now)
    redirect(connection, change.subscriber_id, other, instead, now)


def _take_along(
    connection: Connection, change: Row[tuple[object, ...]], new_hash: str, now: datetime.datetime
) -> None:
    """The reader's row gets the new address; the old one is remembered as a hash, for imports."""
    mine = subscribers.c.id == change.subscriber_id
    old_hash = connection.execute(select(subscribers.c.email_hash).where(mine)).scalar_one()
    known = former_addresses.c.email_hash
    connection.execute(former_addresses.delete().where(known.in_((old_hash, new_hash))))
    connection.execute(
        former_addresses.insert().values(
            email_hash=old_hash, subscriber_id=change.subscriber_id, moved_at=now
        )
    )
    connection.execute(
        subscribers.update()
        .where(mine)
        .values(email=change.email, email_key=change.email_key, email_hash=new_hash)
    )
