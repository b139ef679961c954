"""What follows for a delivery: it only moves forward, and a campaign ends with its last one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from sqlalchemy import Connection, Update, bindparam, exists, select, update

from newsletter.database.states import OPEN, Kind, State
from newsletter.database.tables import campaigns, deliveries, feedback
from newsletter.feedback.event import FINAL, Notice
from newsletter.feedback.target import Target

IN_HAND = (State.CLAIMED, State.ATTEMPTING)
"""Some program is sending it: the row is that program's."""

TAKEN = "taken after all: something came back for it"


class Settling:
    """Moves deliveries forward, within one transaction.

    Args:
        connection: In ``writing()``.
        now: The time.
    """

    def __init__(self, connection: Connection, now: datetime.datetime) -> None:
        self._connection = connection
        self._now = now
        self._alone = connection.dialect.name == "sqlite"
        self._touched: set[int] = set()

    def hold(self, target: Target) -> bool:
        """Keep the delivery as it is until the transaction ends; False if it is in hand."""
        if target.delivery is None:
            return True
        if self._alone:  # nobody can have changed it since it was looked at
            return target.state not in IN_HAND
        return self._connection.scalar(_FREE, {"delivery": target.delivery}) is not None

    def settle(self, notice: Notice, target: Target) -> bool:
        """Move the delivery forward; returns whether it was open before."""
        if target.delivery is None or notice.kind is Kind.UNSUBSCRIBED:
            return False
        if notice.kind is Kind.COMPLAINT:
            self._move(target, State.COMPLAINED, "the reader called it spam")
        elif notice.kind in FINAL:
            self._move(target, State.BOUNCED, self._said(target))
        else:
            self._move(target, State.ACCEPTED, TAKEN)
        was_open = target.state in OPEN
        if was_open:
            self._touched.add(target.campaign)
        return was_open

    def _move(self, target: Target, to: State, detail: str) -> None:
        values = {"delivery": target.delivery, "said": detail, "now": self._now}
        self._connection.execute(_FORWARD[to], values)

    def _said(self, target: Target) -> str:
        """What the first of its bounces said, whichever was learnt first."""
        row = self._connection.execute(_FIRST_BOUNCE, {"delivery": target.delivery}).one()
        status = row.status if row.status not in row.detail else ""
        said = " ".join(filter(None, (status, row.detail)))
        return f"a bounce came back: {said}" if said else "a bounce came back"

    def finish_campaigns(self) -> None:
        """Mark those as finished in which nothing is open any more."""
        for campaign in sorted(self._touched):
            still_open = exists().where(
                deliveries.c.campaign_id == campaign, deliveries.c.state.in_(OPEN)
            )
            self._connection.execute(
                update(campaigns)
                .where(campaigns.c.id == campaign, campaigns.c.finished_at.is_(None), ~still_open)
                .values(finished_at=self._now)
            )


# Made once: to make a statement takes longer than SQLite takes to carry it out.

_FREE = (
    select(deliveries.c.id)
    .where(deliveries.c.id == bindparam("delivery"), deliveries.c.state.not_in(IN_HAND))
    .with_for_update()
)


def _forward(to: State, but_not: Sequence[State]) -> Update:
    return (
        update(deliveries)
        .where(deliveries.c.id == bindparam("delivery"), deliveries.c.state.not_in(but_not))
        .values(
            state=to,
            detail=bindparam("said"),
            next_attempt_at=None,
            worker_id=None,
            updated_at=bindparam("now"),
        )
    )


_FORWARD = {
    State.ACCEPTED: _forward(State.ACCEPTED, (State.ACCEPTED, State.BOUNCED, State.COMPLAINED)),
    State.BOUNCED: _forward(State.BOUNCED, (State.COMPLAINED,)),
    State.COMPLAINED: _forward(State.COMPLAINED, (State.COMPLAINED,)),
}

_FIRST_BOUNCE = (
    select(feedback.c.status, feedback.c.detail)
    .where(feedback.c.delivery_id == bindparam("delivery"), feedback.c.kind.in_(FINAL))
    .order_by(feedback.c.occurred_at, feedback.c.key)
    .limit(1)
)
