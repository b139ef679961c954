"""All that is held of one reader, to be shown to them (GDPR Art. 15 and 20), or to be erased."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, select, update

from newsletter.audience import address
from newsletter.audience.address import Address
from newsletter.audience.text import quoted
from newsletter.database.dialects import insert_ignoring
from newsletter.database.engine import Database
from newsletter.database.states import State, Suppressed
from newsletter.database.tables import (
    address_changes,
    campaigns,
    confirmations,
    deliveries,
    feedback,
    former_addresses,
    requests,
    subscribers,
    subscriptions,
    suppressions,
    wordings,
)
from newsletter.errors import AudienceError, NotFoundError

_REDUNDANT = {"id", "subscriber_id", "email_key", "email_hash", "campaign_id"}
"""Columns that only join rows, or fold what stands beside them."""

_NOBODY = 0
"""Stands for who is no subscriber. No row has this number, while NULL is that of everybody who was
forgotten: comparing with it would find their letters."""


def personal_data(database: Database, email: str) -> Mapping[str, Any]:
    """Everything in the database that is about the reader with an address.

    Args:
        database: Where to look.
        email: The address, as typed.

    Returns:
        Plain values, ready for JSON; moments in ISO 8601, UTC.

    Raises:
        AudienceError: The address is none.
        NotFoundError: Nothing is held of it.
        DatabaseError: The database cannot be read.
    """
    parsed = address.parse(email)
    hashed = database.keys.hash(parsed.key)
    with database.reading() as connection:
        reader = connection.execute(
            select(subscribers).where(subscribers.c.email_key == parsed.key)
        ).one_or_none()
        number = reader.id if reader else _NOBODY
        held = {
            "address": parsed.email,
            "reader": _plain(reader._mapping) if reader else None,
            "subscriptions": _subscriptions(connection, number),
            "letters": _letters(connection, number),
            "came_back": _all(connection, feedback, _came_back(number)),
            "former_addresses": _all(
                connection, former_addresses, former_addresses.c.subscriber_id == number
            ),
            "changes_of_address": _all(
                connection,
                address_changes,
                (address_changes.c.subscriber_id == number)
                | (address_changes.c.email_key == parsed.key),
            ),
            "open_requests": [_plain(row) for row in _requests(connection, parsed)],
            "suppression": _all(connection, suppressions, suppressions.c.email_hash == hashed),
            "asked_to_confirm": _all(
                connection, confirmations, confirmations.c.email_hash == hashed
            ),
        }
    if not any(value for key, value in held.items() if key != "address"):
        raise NotFoundError(
            f"nothing is held of {quoted(email)}", "Look for it: newsletter subscribers list."
        )
    return held


def forget(database: Database, email: str, now: datetime.datetime) -> bool:
    """Erase a reader for good (GDPR Art. 17); their addresses stay suppressed, as keyed hashes.

    What became of letters stays in the ledger as a count, without a name. The bytes are gone from
    the files when the database has been scrubbed, see ``Database.scrub``.

    Args:
        database: Where they are.
        email: The address, as typed.
        now: The time.

    Returns:
        Whether there was such a reader.

    Raises:
        AudienceError: The address is none.
        DatabaseError: The database cannot be written.
    """
    parsed = address.parse(email)
    hashed = database.keys.hash(parsed.key)
    mine = select(subscribers.c.id).where(subscribers.c.email_key == parsed.key)
    with database.writing() as connection:
        number = connection.scalar(mine) or _NOBODY
        open_requests = [row["id"] for row in _requests(connection, parsed)]
        connection.execute(delete(requests).where(requests.c.id.in_(open_requests)))
        connection.execute(delete(address_changes).where(address_changes.c.email_key == parsed.key))
        connection.execute(delete(confirmations).where(confirmations.c.email_hash == hashed))
        theirs = update(deliveries).where(deliveries.c.subscriber_id == number)
        # What came back stays as a count, too.
        connection.execute(
            update(feedback).where(_came_back(number)).values(subscriber_id=None, detail="")
        )
        # Of a message in hand the identifier is still needed, to write down how it ended.
        in_hand = deliveries.c.state.in_((State.CLAIMED, State.ATTEMPTING))
        connection.execute(theirs.where(~in_hand).values(message_id=None))
        connection.execute(theirs.values(subscriber_id=None, subscription_id=None, detail=""))
        former = _former(connection, number)
        connection.execute(delete(subscribers).where(subscribers.c.id == number))
        connection.execute(delete(suppressions).where(suppressions.c.email_hash == hashed))
        for each in (hashed, *former):
            connection.execute(
                insert_ignoring(connection, suppressions).values(
                    email_hash=each, reason=Suppressed.FORGOTTEN, created_at=now
                )
            )
    return number != _NOBODY


def _former(connection: Connection, number: int) -> Sequence[str]:
    """Hashes of the addresses that a reader had before, but of those that are another's now."""
    taken = exists().where(subscribers.c.email_hash == former_addresses.c.email_hash)
    column = former_addresses.c.email_hash
    mine = select(column).where(former_addresses.c.subscriber_id == number, ~taken)
    return connection.scalars(mine).all()


def _came_back(number: int) -> ColumnElement[bool]:
    """Feedback of a reader; of what a release has forgiven, only the delivery says whose it is."""
    theirs = select(deliveries.c.id).where(deliveries.c.subscriber_id == number)
    return (feedback.c.subscriber_id == number) | feedback.c.delivery_id.in_(theirs)


def _subscriptions(connection: Connection, number: int) -> list[dict[str, Any]]:
    query = (
        select(subscriptions, wordings.c.text.label("agreed_to"))
        .join_from(
            subscriptions, wordings, wordings.c.hash == subscriptions.c.wording, isouter=True
        )
        .where(subscriptions.c.subscriber_id == number)
        .order_by(subscriptions.c.id)
    )
    return [_plain(row) for row in connection.execute(query).mappings()]


def _letters(connection: Connection, number: int) -> list[dict[str, Any]]:
    query = (
        select(campaigns.c.slug.label("issue"), deliveries)
        .join_from(deliveries, campaigns)
        .where(deliveries.c.subscriber_id == number)
        .order_by(deliveries.c.id)
    )
    return [_plain(row) for row in connection.execute(query).mappings()]


def _all(connection: Connection, table: Table, which: Any) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).where(which).order_by(*table.primary_key))
    return [_plain(row) for row in rows.mappings()]


def _requests(connection: Connection, wanted: Address) -> list[Mapping[Any, Any]]:
    """Requests with the address in them; there are never more than a few hours' worth."""
    found: list[Mapping[Any, Any]] = []
    for row in connection.execute(select(requests).order_by(requests.c.id)).mappings():
        for value in row["content"].values():
            try:
                same = isinstance(value, str) and address.parse(value).key == wanted.key
            except AudienceError:
                continue
            if same:
                found.append(row)
                break
    return found


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in row.items() if key not in _REDUNDANT}


def _value(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value
