"""Erasing what is not needed any more: sign-ups nobody confirmed, who got a letter, reports."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from newsletter.audience.retention_options import RetentionOptions
from newsletter.audience.subscriptions import erase_unconfirmed
from newsletter.database.engine import Database
from newsletter.database.states import Subscription
from newsletter.database.tables import (
    address_changes,
    campaigns,
    confirmations,
    deliveries,
    feedback,
    requests,
    subscriptions,
)

_BLOCK = 5000
"""Rows changed at a time, so that a sending need not wait for long."""

_ADDRESS_CHANGE_DAYS = 7
_NOBODYS_FEEDBACK_DAYS = 30
"""How long it is kept that a report was read which is not about a letter of ours."""
_COUNTS_OF_CONFIRMATIONS_DAYS = 400
"""How long it is remembered that an address was asked to confirm in vain."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, or would be.

    Attributes:
        unconfirmed: Sign-ups that nobody confirmed.
        deliveries: Deliveries that do not say any more whose they were.
    """

    unconfirmed: int
    deliveries: int


def erase(database: Database, options: RetentionOptions, now: datetime.datetime) -> Erased:
    """Erase what is older than the settings allow; may be run as often as one likes.

    Raises:
        DatabaseError: The database cannot be written.
    """
    before = now - datetime.timedelta(days=options.unconfirmed_days)
    unconfirmed = erase_unconfirmed(database, before)
    with database.writing() as connection:
        _old_requests(connection, now)
    while _nobodys_feedback(database, now):
        pass
    old = 0
    while changed := _forget_whose(database, options, now):
        old += changed
    return Erased(unconfirmed, old)


def count(database: Database, options: RetentionOptions, now: datetime.datetime) -> Erased:
    """What ``erase`` would erase now.

    Raises:
        DatabaseError: The database cannot be read.
    """
    waiting = select(func.count()).select_from(subscriptions).where(_unconfirmed(options, now))
    old = select(func.count()).select_from(deliveries).where(_old(options, now))
    with database.reading() as connection:
        return Erased(connection.scalar(waiting) or 0, connection.scalar(old) or 0)


def _unconfirmed(options: RetentionOptions, now: datetime.datetime) -> ColumnElement[bool]:
    before = now - datetime.timedelta(days=options.unconfirmed_days)
    s = subscriptions.c
    return (s.status == Subscription.PENDING) & (s.requested_at < before)


def _old_requests(connection: Connection, now: datetime.datetime) -> None:
    week = now - datetime.timedelta(days=_ADDRESS_CHANGE_DAYS)
    year = now - datetime.timedelta(days=_COUNTS_OF_CONFIRMATIONS_DAYS)
    connection.execute(delete(requests).where(requests.c.created_at < week))
    connection.execute(delete(address_changes).where(address_changes.c.requested_at < week))
    connection.execute(delete(confirmations).where(confirmations.c.last_at < year))


def _nobodys_feedback(database: Database, now: datetime.datetime) -> int:
    before = now - datetime.timedelta(days=_NOBODYS_FEEDBACK_DAYS)
    f = feedback.c
    some = select(f.id).where(
        f.delivery_id.is_(None), f.subscriber_id.is_(None), f.recorded_at < before
    )
    with database.reading() as connection:
        ids = connection.scalars(some.limit(_BLOCK)).all()
    if ids:
        with database.writing() as connection:
            connection.execute(delete(feedback).where(f.id.in_(ids)))
    return len(ids)


def _old(options: RetentionOptions, now: datetime.datetime) -> ColumnElement[bool]:
    before = now - datetime.timedelta(days=options.deliveries_days)
    ended = select(campaigns.c.id).where(campaigns.c.finished_at < before)
    d = deliveries.c
    return d.campaign_id.in_(ended) & or_(
        d.subscriber_id.is_not(None), d.message_id.is_not(None), d.detail != ""
    )


def _forget_whose(database: Database, options: RetentionOptions, now: datetime.datetime) -> int:
    some = select(deliveries.c.id).where(_old(options, now)).limit(_BLOCK)
    with database.reading() as connection:  # looking for them keeps nobody from writing
        ids = connection.scalars(some).all()
    if not ids:
        return 0
    with database.writing() as connection:
        connection.execute(
            update(feedback)
            .where(feedback.c.delivery_id.in_(ids))
            .values(subscriber_id=None, detail="")
        )
        changed = connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids))
            .values(subscriber_id=None, subscription_id=None, message_id=None, detail="")
        )
        return changed.rowcount
