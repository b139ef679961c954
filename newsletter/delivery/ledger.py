"""The ledger of a campaign: one row per reader, claimed before and recorded after each message.

::

    planned ─▶ claimed ─▶ accepted
       ▲          ├─────▶ deferred ─▶ claimed …, or expired
       │          ├─────▶ failed
       └──────────┴─────▶ unknown      perhaps taken, perhaps not: never sent again by itself
    suppressed, cancelled: not to be mailed

A claim is on the disk before the first byte of its message leaves (the database commits with
``synchronous = FULL``), so a program that dies leaves at most one reader in doubt, by name.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, select, update

from newsletter.audience.status import Status, status_column
from newsletter.database.engine import Database
from newsletter.database.tables import campaigns, deliveries, subscribers, suppressions
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.message import Recipient
from newsletter.delivery.outcome import Accepted, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.retry import next_attempt
from newsletter.errors import DatabaseError

OPEN = ("planned", "claimed", "deferred", "unknown")
"""States that keep a campaign from being finished."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to hand over now.

    Attributes:
        id: Its number in the ledger.
        attempts: How often it has been claimed, this time included.
        message_id: Its Message-ID, the same at every attempt.
        date: Time of the first claim, the message's Date at every attempt.
        recipient: The reader.
    """

    id: int
    attempts: int
    message_id: str
    date: datetime.datetime
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery as a report shows it.

    Attributes:
        id: Its number in the ledger.
        address: The reader, ``(removed)`` if the subscriber is gone.
        state: Its state.
        attempts: How often it was tried.
        detail: Reply or reason.
        next_attempt_at: When it is due again; None if it is not.
    """

    id: int
    address: str
    state: str
    attempts: int
    detail: str
    next_attempt_at: datetime.datetime | None


class Ledger:
    """The deliveries of one campaign. Every method is one transaction.

    Args:
        database: Where they are.
        campaign: Whose they are.
        random: Gives a number from 0 up to 1, for the jitter of retries.
    """

    def __init__(
        self,
        database: Database,
        campaign: Campaign,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self.campaign = campaign
        self._random = random

    def claim(self, now: datetime.datetime, new_message_id: Callable[[], str]) -> Claimed | None:
        """Take the next delivery: planned ones first, then deferred ones that are due.

        A reader who has left or was suppressed since the start is noted as such and passed over.

        Args:
            now: The time.
            new_message_id: Makes an unguessable Message-ID, for the first claim of a delivery.

        Returns:
            The claim, already on the disk; None if nothing can be sent now.
        """
        with self._database.writing() as connection:
            while row := self._next(connection, now):
                if row.status == Status.SUPPRESSED:
                    self._set(connection, row.id, "suppressed", now)
                elif row.status != Status.ACTIVE:
                    self._set(connection, row.id, "cancelled", now, "left after the start")
                else:
                    return self._claim(connection, row, now, new_message_id)
        return None

    def record(self, claimed: Claimed, outcome: Outcome, now: datetime.datetime) -> str:
        """Write down what became of a claimed delivery; returns its new state.

        Raises:
            DatabaseError: It cannot be written, or the claim is not ours any more.
        """
        match outcome:
            case Accepted(reply):
                return self._settle(claimed, now, "accepted", reply)
            case Failed(reason):
                return self._settle(claimed, now, "failed", reason)
            case Unknown(reason):
                return self._settle(claimed, now, "unknown", reason)
            case Deferred(reason, _, retry_after):
                due = next_attempt(claimed.attempts, now, self.campaign.started_at, self._random)
                if due is None:
                    return self._settle(claimed, now, "expired", reason)
                if retry_after:
                    due = max(due, now + retry_after)
                return self._settle(claimed, now, "deferred", reason, due)

    def release(self, claimed: Claimed, now: datetime.datetime) -> None:
        """Give back a delivery that was certainly not handed over, since the transport broke.

        Raises:
            DatabaseError: It cannot be written, or the claim is not ours any more.
        """
        self._settle(claimed, now, "planned", "")

    def recover(self, now: datetime.datetime) -> int:
        """Claims that a program left behind when it died become unknown; returns how many.

        Only for the holder of the lock: nobody else may be sending.
        """
        reason = "the program stopped while this message was being handed over"
        return self._move(now, ("claimed",), "unknown", detail=reason, doubtful=True)

    def reopen_unknown(self, now: datetime.datetime) -> int:
        """Plan again what is unknown, on somebody's explicit wish; returns how many."""
        return self._move(now, ("unknown",), "planned", detail="")

    def reopen(self, ids: Collection[int], now: datetime.datetime) -> int:
        """Plan again deliveries whose refusal was not about their readers; returns how many."""
        return self._move(now, ("failed", "deferred"), "planned", ids=ids, detail="")

    def close(self, now: datetime.datetime) -> bool:
        """Mark the campaign finished if nothing is open any more; returns whether it is."""
        still_open = exists().where(
            deliveries.c.campaign_id == self.campaign.id, deliveries.c.state.in_(OPEN)
        )
        with self._database.writing() as connection:
            if connection.scalar(select(still_open)):
                return False
            connection.execute(
                update(campaigns)
                .where(campaigns.c.id == self.campaign.id, campaigns.c.finished_at.is_(None))
                .values(finished_at=now)
            )
        return True

    def counts(self) -> Mapping[str, int]:
        """How many deliveries are in each state; states without any are left out."""
        query = (
            select(deliveries.c.state, func.count().label("number"))
            .where(deliveries.c.campaign_id == self.campaign.id)
            .group_by(deliveries.c.state)
        )
        with self._database.reading() as connection:
            return {row.state: row.number for row in connection.execute(query)}

    def due(self, now: datetime.datetime) -> int:
        """How many deliveries could be claimed now."""
        query = select(func.count()).where(
            deliveries.c.campaign_id == self.campaign.id,
            (deliveries.c.state == "planned")
            | ((deliveries.c.state == "deferred") & (deliveries.c.next_attempt_at <= now)),
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def next_due(self) -> datetime.datetime | None:
        """When the first deferred delivery is due; None if none is deferred."""
        query = select(func.min(deliveries.c.next_attempt_at)).where(
            deliveries.c.campaign_id == self.campaign.id, deliveries.c.state == "deferred"
        )
        with self._database.reading() as connection:
            first: datetime.datetime | None = connection.execute(query).scalar_one()
        return first

    def entries(self, *states: str) -> Iterator[Entry]:
        """Deliveries in some states, in the order of the ledger; read as they are asked for."""
        query = (
            select(
                deliveries.c.id,
                func.coalesce(subscribers.c.email, "(removed)"),
                deliveries.c.state,
                deliveries.c.attempts,
                deliveries.c.detail,
                deliveries.c.next_attempt_at,
            )
            .join_from(deliveries, subscribers, isouter=True)
            .where(deliveries.c.campaign_id == self.campaign.id, deliveries.c.state.in_(states))
            .order_by(deliveries.c.id)
        )
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=500).execute(query):
                yield Entry(*row)

    def _next(self, connection: Connection, now: datetime.datetime) -> Any:
        query = (
            select(
                deliveries.c.id,
                deliveries.c.attempts,
                deliveries.c.message_id,
                deliveries.c.first_claimed_at,
                subscribers.c.email,
                subscribers.c.token,
                subscribers.c.name,
                subscribers.c.language,
                subscribers.c.attributes,
                status_column(),
            )
            .join_from(deliveries, subscribers, isouter=True)
            .join(suppressions, suppressions.c.email_key == subscribers.c.email_key, isouter=True)
            .where(deliveries.c.campaign_id == self.campaign.id)
            # Who was tried least goes first, so that a few readers at a provider that refuses us
            # do not stand in the way of all others when the sending goes on.
            .order_by(deliveries.c.attempts, deliveries.c.id)
            .limit(1)
        )
        planned = query.where(deliveries.c.state == "planned")
        again = query.where(deliveries.c.state == "deferred", deliveries.c.next_attempt_at <= now)
        return connection.execute(planned).first() or connection.execute(again).first()

    def _claim(
        self,
        connection: Connection,
        row: Any,
        now: datetime.datetime,
        new_message_id: Callable[[], str],
    ) -> Claimed:
        claimed = Claimed(
            id=row.id,
            attempts=row.attempts + 1,
            message_id=row.message_id or new_message_id(),
            date=row.first_claimed_at or now,
            recipient=Recipient(
                address=row.email,
                token=row.token,
                values={
                    **{key: str(value) for key, value in row.attributes.items()},
                    "name": row.name,
                    "language": row.language,
                },
            ),
        )
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == claimed.id)
            .values(
                state="claimed",
                attempts=claimed.attempts,
                message_id=claimed.message_id,
                first_claimed_at=claimed.date,
                next_attempt_at=None,
                updated_at=now,
            )
        )
        return claimed

    def _set(
        self, connection: Connection, id_: int, state: str, now: datetime.datetime, detail: str = ""
    ) -> None:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == id_)
            .values(state=state, detail=detail, next_attempt_at=None, updated_at=now)
        )

    def _settle(
        self,
        claimed: Claimed,
        now: datetime.datetime,
        state: str,
        detail: str,
        due: datetime.datetime | None = None,
    ) -> str:
        with self._database.writing() as connection:
            # The number of the attempt is the fence: a program that slept through its claim's
            # recovery must not overwrite what was found out since.
            settled = connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.id == claimed.id,
                    deliveries.c.state == "claimed",
                    deliveries.c.attempts == claimed.attempts,
                )
                .values(
                    state=state,
                    detail=detail,
                    next_attempt_at=due,
                    updated_at=now,
                    doubtful=deliveries.c.doubtful | (state == "unknown"),
                )
            )
            if settled.rowcount != 1:
                raise DatabaseError(
                    f"delivery {claimed.id} is not claimed any more",
                    "Another program has changed the ledger; see: newsletter status --failed",
                )
        return state

    def _move(
        self,
        now: datetime.datetime,
        states: Collection[str],
        to: str,
        *,
        ids: Collection[int] | None = None,
        **values: Any,
    ) -> int:
        change = update(deliveries).where(
            deliveries.c.campaign_id == self.campaign.id, deliveries.c.state.in_(states)
        )
        if ids is not None:
            change = change.where(deliveries.c.id.in_(ids))
        change = change.values(state=to, next_attempt_at=None, updated_at=now, **values)
        with self._database.writing() as connection:
            return connection.execute(change).rowcount
