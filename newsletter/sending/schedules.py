"""Sendings that wait for their time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, insert, select, update

from newsletter.database.dialects import write_alone
from newsletter.database.engine import Database
from newsletter.database.states import Wait
from newsletter.database.tables import schedules
from newsletter.errors import NotFoundError, SendRefusedError
from newsletter.sending.signature import Signature


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent, and when.

    Attributes:
        slug: The issue.
        digest: Of its content as it was agreed to, see ``content_digest``.
        at: Not before.
        not_after: Later it is missed.
        again: Whether it is to go to everybody once more.
        plan: The plan that was approved, as its file says it; empty without one.
        signatures: Those under the plan.
        lists: Lists that it is to go to; without any, those that the issue or the plan names.
        segment: Which of their readers; empty for all, or as the plan says.
        despite_complaints: Also if so many readers complain that providers may refuse it.
    """

    slug: str
    digest: str
    at: datetime.datetime
    not_after: datetime.datetime
    again: bool = False
    plan: str = ""
    signatures: tuple[Signature, ...] = ()
    lists: tuple[str, ...] = ()
    segment: str = ""
    despite_complaints: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """An order, and what became of it.

    Attributes:
        id: Its number in the database.
        order: What is to be sent.
        state: How far it has come.
        reason: Why it was missed.
        started_at: The same as that of its campaign; None if there is none.
    """

    id: int
    order: Order
    state: Wait
    reason: str
    started_at: datetime.datetime | None


class Schedules:
    """All schedules of a newsletter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, order: Order, now: datetime.datetime) -> Schedule:
        """Note an order.

        Raises:
            SendRefusedError: The issue waits for its time already.
        """
        waits = exists().where(schedules.c.slug == order.slug, schedules.c.state == Wait.WAITING)
        with self._database.writing() as connection:
            write_alone(connection, schedules)
            if connection.scalar(select(waits)):
                raise SendRefusedError(
                    f"{order.slug} is scheduled already",
                    "See: newsletter schedule. Take it back with: newsletter schedule cancel ID",
                )
            number: int = connection.execute(
                insert(schedules)
                .values(
                    slug=order.slug,
                    digest=order.digest,
                    at=order.at,
                    not_after=order.not_after,
                    options={
                        "again": order.again,
                        "lists": list(order.lists),
                        "segment": order.segment,
                        "despite_complaints": order.despite_complaints,
                        "plan": order.plan,
                        "signatures": [[s.name, s.content] for s in order.signatures],
                    },
                    state=Wait.WAITING,
                    created_at=now,
                )
                .returning(schedules.c.id)
            ).scalar_one()
        return Schedule(number, order, Wait.WAITING, "", None)

    def list(self, *states: Wait) -> Sequence[Schedule]:
        """Schedules in some states (without any, all), the next one first."""
        query = select(schedules).order_by(schedules.c.at, schedules.c.id)
        if states:
            query = query.where(schedules.c.state.in_(states))
        with self._database.reading() as connection:
            return [_schedule(row) for row in connection.execute(query)]

    def cancel(self, number: int) -> Schedule:
        """Take back a schedule that still waits.

        Raises:
            NotFoundError: There is none with that number.
            SendRefusedError: It does not wait any more.
        """
        with self._database.writing() as connection:
            done = connection.execute(_settle(number, Wait.CANCELLED)).rowcount
            query = select(schedules).where(schedules.c.id == number)
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no schedule {number}", "See: newsletter schedule")
        found = _schedule(row)
        if not done:
            raise SendRefusedError(
                f"schedule {number} ({found.order.slug}) is {found.state} already",
                f"See: newsletter status {found.order.slug}",
            )
        return found

    def miss(self, schedule: Schedule, reason: str) -> bool:
        """Mark a schedule that still waits as missed; false if it does not wait any more."""
        with self._database.writing() as connection:
            settled = _settle(schedule.id, Wait.MISSED, reason=reason)
            return connection.execute(settled).rowcount == 1

    def claim(self, schedule: Schedule, now: datetime.datetime) -> Callable[[Connection], None]:
        """What starts a schedule inside the transaction that starts its campaign.

        Of several programs one gets it, and never without its campaign.

        Args:
            schedule: What is started.
            now: The time; the campaign must get the same.
        """

        def start(connection: Connection) -> None:
            settled = _settle(schedule.id, Wait.STARTED, started_at=now)
            if connection.execute(settled).rowcount != 1:
                raise SendRefusedError(f"schedule {schedule.id} does not wait any more")

        return start


def _settle(number: int, state: Wait, **values: Any) -> Any:
    return (
        update(schedules)
        .where(schedules.c.id == number, schedules.c.state == Wait.WAITING)
        .values(state=state, **values)
    )


def _schedule(row: Any) -> Schedule:
    order = Order(
        slug=row.slug,
        digest=row.digest,
        at=row.at,
        not_after=row.not_after,
        again=row.options["again"],
        lists=tuple(row.options.get("lists", ())),  # of an older version, they are missing
        segment=row.options.get("segment", ""),
        despite_complaints=row.options.get("despite_complaints", False),
        plan=row.options["plan"],
        signatures=tuple(Signature(name, content) for name, content in row.options["signatures"]),
    )
    return Schedule(row.id, order, Wait(row.state), row.reason, row.started_at)
