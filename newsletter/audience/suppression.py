"""Addresses that are never mailed again, kept as keyed hashes alone."""

from __future__ import annotations

import datetime

from sqlalchemy import Connection, delete, exists, func, select, update

from newsletter.audience.address import Address
from newsletter.database.dialects import insert_ignoring
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.states import Kind, Suppressed
from newsletter.database.tables import feedback, subscribers, suppressions

_WEAKEST_FIRST = (
    Suppressed.IMPORTED,
    Suppressed.BOUNCE,
    Suppressed.BY_HAND,
    Suppressed.COMPLAINT,
    Suppressed.FORGOTTEN,
)
"""A weaker reason never takes the place of a stronger one: what is known of an address does not
depend on the order in which it was learnt."""

SCORED = (Kind.HARD, Kind.SOFT, Kind.MAILBOX_FULL)
"""What is counted against a reader until it is too much."""


def suppress(
    database: Database,
    address: Address,
    reason: Suppressed,
    *,
    detail: str = "",
    source: str = "",
    now: datetime.datetime,
) -> bool:
    """Never mail an address again; whoever sends right now leaves it out from this moment on.

    An address that is suppressed already keeps the stronger of both reasons.

    Args:
        database: The newsletter's.
        address: Which; it need not be a subscriber's.
        reason: Why.
        detail: Why, in somebody's words; without addresses.
        source: Where it was learnt: name of a file, a provider, a person.
        now: The time.

    Returns:
        Whether it was not suppressed before.

    Raises:
        DatabaseError: It cannot be written.
        ConfigurationError: The keys of the database are not at hand.
    """
    email_hash = database.keys.hash(address.key)
    with database.writing() as connection:
        return suppress_hash(connection, email_hash, reason, detail=detail, source=source, now=now)


def suppress_hash(
    connection: Connection,
    email_hash: str,
    reason: Suppressed,
    *,
    detail: str = "",
    source: str = "",
    now: datetime.datetime,
) -> bool:
    """The same within somebody's transaction, for an address that is known by its hash.

    Args:
        connection: In ``writing()``.
        email_hash: ``Keys.hash`` of the address's key, as ``subscribers.email_hash`` holds it.
        reason: Why.
        detail: Why, in somebody's words; without addresses.
        source: Where it was learnt.
        now: When. Of two for the same reason the earlier one is kept.
    """
    values = {"reason": reason, "detail": detail, "source": source, "created_at": now}
    row = {"email_hash": email_hash, **values}
    key = suppressions.c.email_hash
    added = connection.execute(insert_ignoring(connection, suppressions, key).values(row)).rowcount
    if added:
        return True
    weaker = _WEAKEST_FIRST[: _WEAKEST_FIRST.index(reason)]
    later = (suppressions.c.reason == reason) & (suppressions.c.created_at > now)
    change = update(suppressions).where(key == email_hash)
    connection.execute(change.where(suppressions.c.reason.in_(weaker) | later).values(values))
    return False


def is_suppressed(connection: Connection, keys: Keys, address: Address) -> bool:
    """Whether an address must not be mailed, whatever its subscriptions say."""
    found = exists().where(suppressions.c.email_hash == keys.hash(address.key))
    return bool(connection.scalar(select(found)))


def release(database: Database, address: Address) -> bool:
    """Let an address be mailed again: by hand only, never by an import or a form.

    The reader starts afresh: bounces until now do not count against them any more.

    Returns:
        Whether it was suppressed.

    Raises:
        DatabaseError: It cannot be written.
        ConfigurationError: The keys of the database are not at hand.
    """
    email_hash = database.keys.hash(address.key)
    # What came back stays with its delivery, for reports; only the reader is not held to it.
    reader = select(subscribers.c.id).where(subscribers.c.email_hash == email_hash)
    forgive = update(feedback).where(
        feedback.c.subscriber_id == reader.scalar_subquery(), feedback.c.kind.in_(SCORED)
    )
    with database.writing() as connection:
        found = connection.execute(
            delete(suppressions).where(suppressions.c.email_hash == email_hash)
        ).rowcount
        if found:
            connection.execute(forgive.values(subscriber_id=None))
        return bool(found)


def count_suppressions(connection: Connection) -> dict[Suppressed, int]:
    """How many addresses are suppressed for each reason; reasons without any are left out."""
    query = select(suppressions.c.reason, func.count()).group_by(suppressions.c.reason)
    return {Suppressed(reason): number for reason, number in connection.execute(query)}
