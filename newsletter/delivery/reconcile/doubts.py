"""The deliveries that are unknown, and writing down what became of them after all."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from newsletter.database.dialects import update_each
from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.database.tables import deliveries, subscribers


@dataclass(frozen=True, slots=True)
class Doubt:
    """A delivery that is unknown.

    Attributes:
        id: Its number in the ledger.
        campaign: Number of its campaign.
        attempts: How often it was attempted.
        message_id: Its Message-ID, with the angle brackets.
        claimed_at: When it was first claimed: it was not attempted before.
        noted_at: When it became unknown: it was not attempted after that.
        address: The reader, empty if the subscriber is gone.
    """

    id: int
    campaign: int
    attempts: int
    message_id: str
    claimed_at: datetime.datetime
    noted_at: datetime.datetime
    address: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What later evidence says of a delivery that is unknown.

    Attributes:
        doubt: The delivery.
        state: What became of it.
        detail: What says so, without addresses.
    """

    doubt: Doubt
    state: State
    detail: str


def doubts(database: Database, campaigns: Sequence[int]) -> Iterator[Doubt]:
    """The deliveries of some campaigns that are unknown, read as they are asked for.

    Raises:
        DatabaseError: The database cannot be read.
    """
    query = (
        select(
            deliveries.c.id,
            deliveries.c.campaign_id,
            deliveries.c.attempts,
            deliveries.c.message_id,
            func.coalesce(deliveries.c.first_claimed_at, deliveries.c.updated_at),
            deliveries.c.updated_at,
            func.coalesce(subscribers.c.email, ""),
        )
        .join_from(deliveries, subscribers, isouter=True)
        .where(
            deliveries.c.campaign_id.in_(campaigns),
            deliveries.c.state == State.UNKNOWN,
            deliveries.c.message_id.is_not(None),
        )
        .order_by(deliveries.c.id)
    )
    with database.reading() as connection:
        for row in connection.execution_options(yield_per=1000).execute(query):
            yield Doubt(*row)


def resolve(database: Database, resolved: Sequence[Resolution], now: datetime.datetime) -> int:
    """Write what became of deliveries, in one transaction.

    Whatever is not unknown any more, or was attempted once more meanwhile, stays as it is.

    Returns:
        How many were changed.

    Raises:
        DatabaseError: It cannot be written.
    """
    rows = [
        {
            "id": one.doubt.id,
            "attempts": one.doubt.attempts,
            "state": one.state.value,
            "detail": one.detail,
        }
        for one in resolved
    ]
    with database.writing() as connection:
        return update_each(
            connection,
            deliveries,
            rows,
            keys=("id", "attempts"),
            where={"state": State.UNKNOWN.value},
            values={"updated_at": now},
        )
