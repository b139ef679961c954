"""Whether some program is sending right now, and what."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, func, literal, select

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.database.tables import Moment, deliveries, workers
from newsletter.delivery.lock import is_free


@dataclass(frozen=True, slots=True)
class Presence:
    """Programs that send now.

    Attributes:
        campaigns: Numbers of the campaigns of which one of them has deliveries in hand.
        idle: Whether another one has nothing in hand: it waits, perhaps for a paused campaign.
    """

    campaigns: frozenset[int] = frozenset()
    idle: bool = False

    @classmethod
    def look(cls, database: Database, folder: Path, now: datetime.datetime) -> Presence:
        """Who sends now.

        Args:
            database: The newsletter's database.
            folder: The project's state folder, with the lock.
            now: This machine's time.

        Raises:
            DatabaseError: The database cannot be read.
        """
        with database.reading() as connection:
            living = connection.scalars(
                select(workers.c.id).where(
                    workers.c.ended_at.is_(None), _lease_runs(connection, now)
                )
            ).all()
            in_hand = connection.execute(
                select(deliveries.c.worker_id, deliveries.c.campaign_id)
                .where(
                    deliveries.c.worker_id.in_(living),
                    deliveries.c.state.in_((State.CLAIMED, State.ATTEMPTING)),
                )
                .distinct()
            ).all()
        # A lease outlives a program that was killed by a minute; the lock does not.
        if not living or (database.path is not None and is_free(folder)):
            return cls()
        busy = {worker for worker, _ in in_hand}
        return cls(frozenset(campaign for _, campaign in in_hand), bool(set(living) - busy))

    def may_be_sending(self, campaign: int) -> bool:
        """Whether a program may be sending a campaign, or waiting for it to go on."""
        return self.idle or campaign in self.campaigns


def _lease_runs(connection: Connection, now: datetime.datetime) -> ColumnElement[bool]:
    """By this machine's clock for a file, by the server's for a database that machines share."""
    if connection.dialect.name == "sqlite":
        return workers.c.lease_until > literal(now, Moment)
    return workers.c.lease_until > func.timezone("UTC", func.clock_timestamp())
