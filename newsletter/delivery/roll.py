"""The roll of a campaign: who is in which state, and moving many at once on somebody's wish."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    func,
    literal_column,
    select,
    text,
    update,
)

from newsletter.database.engine import Database
from newsletter.database.states import OPEN, Control, State
from newsletter.database.tables import campaigns, deliveries, subscribers
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.retry import give_up_at
from newsletter.delivery.wishes import Wishes, read_wishes
from newsletter.delivery.workers import bury

# Written out, and with the index's own condition beside it: else SQLite cannot know that the index
# of those who wait will do, and sorts everybody anew for each claim (0.5 s for a million).
_WAITING = text("deliveries.state in ('planned', 'deferred')")
PLANNED = and_(deliveries.c.state == literal_column("'planned'"), _WAITING)
DEFERRED = and_(deliveries.c.state == literal_column("'deferred'"), _WAITING)


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


class Roll:
    """The deliveries of one campaign, as those see them who do not send it.

    Every method is one transaction.

    Args:
        database: Where they are.
        campaign: The campaign.
    """

    def __init__(self, database: Database, campaign: Campaign) -> None:
        self._database = database
        self.campaign = campaign
        self.give_up_at = give_up_at(campaign.started_at, campaign.expires_at)
        """After this nobody is mailed any more."""

    def reopen_unknown(self, now: datetime.datetime) -> int:
        """Plan again what is unknown, on somebody's explicit wish; returns how many."""
        return self._move(now, (State.UNKNOWN,), State.PLANNED, detail="")

    def reopen(self, ids: Collection[int], now: datetime.datetime) -> int:
        """Plan again deliveries whose refusal was not about their readers; returns how many."""
        return self._move(now, (State.FAILED, State.DEFERRED), State.PLANNED, ids=ids, detail="")

    def count_for_retry(self, states: Collection[State], *, domain: str = "") -> int:
        """How many deliveries ``retry`` would plan again."""
        query = select(func.count()).select_from(deliveries).where(*self._chosen(states, domain))
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def retry(self, states: Collection[State], now: datetime.datetime, *, domain: str = "") -> int:
        """Plan again everybody in some states, on somebody's explicit wish.

        A campaign that was finished is open again; one that was cancelled goes on with them alone.

        Args:
            states: Which deliveries.
            now: The time.
            domain: Only readers of this mail domain, as A-label in lower case; empty for all.

        Returns:
            How many.
        """
        change = update(deliveries).where(*self._chosen(states, domain))
        change = change.values(state=State.PLANNED, next_attempt_at=None, updated_at=now)
        its = update(campaigns).where(campaigns.c.id == self.campaign.id)
        with self._database.writing() as connection:
            moved = connection.execute(change).rowcount
            if moved:
                connection.execute(its.values(finished_at=None))
                connection.execute(
                    its.where(campaigns.c.control == Control.CANCELLED).values(
                        control=Control.RUNNING, control_reason=""
                    )
                )
            return moved

    def settle_dead(self, now: datetime.datetime, *, alone: bool) -> int:
        """Settle what programs have left that died; returns how many are in doubt for it.

        Args:
            now: The time.
            alone: Nobody else can be sending now: the caller holds the lock.
        """
        with self._database.writing() as connection:
            return bury(connection, now, alone=alone)

    def cancel_open(self, now: datetime.datetime) -> int:
        """Nobody who is still waiting gets it any more; returns how many."""
        waiting = (State.PLANNED, State.DEFERRED)
        return self._move(now, waiting, State.CANCELLED, detail="the sending was cancelled")

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
            PLANNED | (DEFERRED & (deliveries.c.next_attempt_at <= now)),
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def held(self) -> bool:
        """Whether some program has claimed deliveries, or is handing them over."""
        held = exists().where(
            deliveries.c.campaign_id == self.campaign.id,
            deliveries.c.state.in_((State.CLAIMED, State.ATTEMPTING)),
        )
        with self._database.reading() as connection:
            return bool(connection.scalar(select(held)))

    def next_due(self) -> datetime.datetime | None:
        """When the first deferred delivery is due; None if none is deferred."""
        query = select(func.min(deliveries.c.next_attempt_at)).where(
            deliveries.c.campaign_id == self.campaign.id, DEFERRED
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
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield Entry(*row)

    def wishes(self, now: datetime.datetime | None = None) -> Wishes:
        """What is wished of the campaign; with the time, also how many programs send."""
        with self._database.reading() as connection:
            return read_wishes(connection, self.campaign, now)

    def _chosen(self, states: Collection[State], domain: str) -> list[ColumnElement[bool]]:
        chosen = [deliveries.c.campaign_id == self.campaign.id, deliveries.c.state.in_(states)]
        if domain:
            there = subscribers.c.email_key.endswith(f"@{domain}", autoescape=True)
            chosen.append(deliveries.c.subscriber_id.in_(select(subscribers.c.id).where(there)))
        return chosen

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
