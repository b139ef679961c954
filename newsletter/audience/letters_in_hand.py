"""Letters that are being sent while a reader moves to an address that is a reader's already.

Both addresses are one person's then, who is to get one copy of each letter. So long as the letter
to the old address has not begun to go out, it is the new one that gets it; once the old one has
it, the other copy is called off.

A letter that is being handed over at this very moment, or whose end nobody knows, changes nothing:
whether it arrives cannot be told, and rather than nobody both of two mailboxes may then have it, if
both had asked for it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from sqlalchemy import Connection, exists, insert, select, update

from newsletter.database.dialects import write_alone
from newsletter.database.states import State
from newsletter.database.tables import campaigns, deliveries

_NOT_BEGUN = (State.PLANNED, State.CLAIMED, State.DEFERRED)

CALLED_OFF = "they have it at their old address"
"""What the ledger says of the copy that is not needed."""


def hold_still(connection: Connection) -> None:
    """Keep the ledger as it is until the transaction ends; to be called before ``redirect``.

    It must come before anything else is written: others hold the ledger and wait for readers.
    """
    write_alone(connection, campaigns, deliveries)


def redirect(
    connection: Connection,
    old: int,
    new: int,
    instead: Mapping[int, int],
    now: datetime.datetime,
) -> None:
    """See that the reader gets what is being sent once, and at the new address if that can be.

    The deliveries to the old address need not be touched: their subscriptions are left, so that
    whoever has claimed them finds that they must not be mailed.

    Args:
        connection: In ``writing()``, after ``hold_still``.
        old: Number of the reader who has moved.
        new: Number of the reader whose address it is now.
        instead: For each subscription of the old address, that of the new one.
        now: The time.
    """
    d = deliveries.c
    theirs = deliveries.alias().c
    under_way = d.campaign_id.in_(select(campaigns.c.id).where(campaigns.c.finished_at.is_(None)))
    also = exists().where(theirs.campaign_id == d.campaign_id, theirs.subscriber_id == new)
    waiting = select(d.campaign_id, d.subscription_id, d.edition).where(
        under_way, d.subscriber_id == old, d.state.in_(_NOT_BEGUN), ~also
    )
    rows = [
        {
            "campaign_id": row.campaign_id,
            "subscriber_id": new,
            "subscription_id": instead[row.subscription_id],
            "edition": row.edition,
            "state": State.PLANNED,
            "updated_at": now,
        }
        for row in connection.execute(waiting)
        if row.subscription_id in instead
    ]
    if rows:
        connection.execute(insert(deliveries), rows)
    has_it = exists().where(
        theirs.campaign_id == d.campaign_id,
        theirs.subscriber_id == old,
        theirs.state == State.ACCEPTED,
    )
    connection.execute(
        update(deliveries)
        .where(under_way, d.subscriber_id == new, d.state.in_(_NOT_BEGUN), has_it)
        .values(
            state=State.CANCELLED,
            detail=CALLED_OFF,
            next_attempt_at=None,
            worker_id=None,
            updated_at=now,
        )
    )
