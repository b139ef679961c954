"""How often an address may be mailed because somebody typed it into a form.

A sign-up form is a weapon: whoever types other people's addresses into thousands of forms buries
their mailboxes (the wave of 2016 brought some addresses 80,000 mails). So an address gets one mail
a day, and three in all until its owner has confirmed.
"""

from __future__ import annotations

import datetime

from sqlalchemy import Connection, select

from newsletter.database.dialects import insert_ignoring
from newsletter.database.tables import confirmations

PAUSE = datetime.timedelta(hours=24)
"""Between two mails to one address."""

MOST = 3
"""Mails to an address that never confirmed anything."""


def take_turn(
    connection: Connection, email_hash: str, *, is_reader: bool, now: datetime.datetime
) -> bool:
    """Count one mail to an address, if it may have one.

    Args:
        connection: In ``writing()``.
        email_hash: ``Keys.hash`` of the address.
        is_reader: Whether its owner has confirmed a subscription: then only the pause counts.
        now: The time.

    Returns:
        Whether it may be mailed; if not, nothing was counted.
    """
    new = insert_ignoring(connection, confirmations, confirmations.c.email_hash)
    fresh = connection.execute(new.values(email_hash=email_hash, sent=1, last_at=now))
    if fresh.rowcount:
        return True
    row = connection.execute(
        select(confirmations).where(confirmations.c.email_hash == email_hash).with_for_update()
    ).one()
    if now - row.last_at < PAUSE or (row.sent >= MOST and not is_reader):
        return False
    connection.execute(
        confirmations.update()
        .where(confirmations.c.email_hash == email_hash)
        .values(sent=1 if is_reader else row.sent + 1, last_at=now)
    )
    return True
