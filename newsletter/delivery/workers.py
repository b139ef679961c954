"""Programs that send, each with a lease on what it has claimed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Interval,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)

from newsletter.database.states import State
from newsletter.database.tables import Moment, deliveries, workers
from newsletter.errors import SendRefusedError

LEASE = datetime.timedelta(seconds=60)
"""How long a worker may be silent before others take over what it has claimed."""


class LeaseLostError(SendRefusedError):
    """This program was silent for so long that it was taken for dead."""

    def __init__(self) -> None:
        super().__init__(
            "this program was silent for too long, and another one has taken over",
            "Nothing more is sent from here. See: newsletter status --failed",
        )


@dataclass(frozen=True, slots=True)
class Worker:
    """A program that sends.

    Attributes:
        id: Its number in the database.
    """

    id: int

    @classmethod
    def start(cls, connection: Connection, now: datetime.datetime) -> Self:
        """A new worker with a fresh lease.

        Args:
            connection: In a transaction to write in.
            now: This machine's time.
        """
        row = {"started_at": now, "lease_until": _lease(connection, now)}
        return cls(
            connection.execute(insert(workers).values(row).returning(workers.c.id)).scalar_one()
        )

    def renew(self, connection: Connection, now: datetime.datetime) -> bool:
        """Make the lease run from now on; false if the worker was taken for dead meanwhile."""
        renewed = connection.execute(
            update(workers)
            .where(workers.c.id == self.id, workers.c.ended_at.is_(None))
            .values(lease_until=_lease(connection, now))
        )
        return renewed.rowcount == 1

    def end(self, connection: Connection, now: datetime.datetime) -> None:
        """Nothing is claimed by it any more."""
        connection.execute(update(workers).where(workers.c.id == self.id).values(ended_at=now))


def living(connection: Connection, now: datetime.datetime) -> int:
    """How many workers send at this moment, of whatever campaign.

    One that died counts until its lease ends.
    """
    alive = select(func.count()).where(
        workers.c.ended_at.is_(None), workers.c.lease_until >= _clock(connection, now)
    )
    return connection.execute(alive).scalar_one()


def bury(connection: Connection, now: datetime.datetime, *, alone: bool) -> int:
    """End workers that have died, and settle what they left, in all campaigns.

    What was only claimed is planned again; what was being handed over becomes unknown.

    Args:
        connection: In a transaction to write in.
        now: This machine's time.
        alone: Nobody else can be sending now, so that every worker that has not ended is dead;
            otherwise the dead are those whose lease has run out by the database's clock.

    Returns:
        How many deliveries are in doubt.
    """
    silent = select(workers.c.id).where(workers.c.ended_at.is_(None)).with_for_update()
    if not alone:
        silent = silent.where(workers.c.lease_until < _clock(connection, now))
    dead = connection.scalars(silent).all()
    if dead:
        connection.execute(update(workers).where(workers.c.id.in_(dead)).values(ended_at=now))
    left = update(deliveries).where(deliveries.c.worker_id.in_(dead))
    connection.execute(
        left.where(deliveries.c.state == State.CLAIMED).values(
            state=State.PLANNED, worker_id=None, updated_at=now
        )
    )
    return connection.execute(
        left.where(deliveries.c.state == State.ATTEMPTING).values(
            state=State.UNKNOWN,
            doubtful=True,
            detail="the program stopped while this message was being handed over",
            updated_at=now,
        )
    ).rowcount


def _clock(connection: Connection, now: datetime.datetime) -> ColumnElement[Any]:
    """The time that all programs agree on: of one machine its own, else the database's."""
    if connection.dialect.name == "sqlite":
        return literal(now, Moment)
    return type_coerce(func.timezone("UTC", func.clock_timestamp()), DateTime)


def _lease(connection: Connection, now: datetime.datetime) -> ColumnElement[Any]:
    if connection.dialect.name == "sqlite":
        return literal(now + LEASE, Moment)
    return _clock(connection, now) + literal(LEASE, Interval)
