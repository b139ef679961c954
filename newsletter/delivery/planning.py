"""Writing down the deliveries of a campaign that is about to start, one for each reader.

A server does that in one go: others write meanwhile. SQLite has one writer at a time, and a million
rows take it five seconds (2026-11-23), in which no reader could unsubscribe. So there it is done in
blocks, below a campaign without a name that nobody can find or send. Only when all are there is it
given its name, in one short transaction. What a program that died has left of a plan is thrown away
by the next one.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Text,
    delete,
    insert,
    literal,
    select,
    type_coerce,
    update,
)

from newsletter.database.dialects import analyze
from newsletter.database.engine import Database
from newsletter.database.states import Control
from newsletter.database.tables import Moment, campaigns, deliveries

BLOCK = 2_000
"""Rows in one transaction: they take little memory, and nobody else need wait for long."""

NAMELESS = ""
"""Slug of a campaign that is being planned; no issue can be called so."""


def in_blocks(database: Database) -> bool:
    """Whether a plan is written in blocks."""
    return database.dialect == "sqlite"


def hidden(now: datetime.datetime) -> Mapping[str, Any]:
    """What the row of a campaign holds while it is planned in blocks: it looks long over."""
    return {"slug": NAMELESS, "control": Control.CANCELLED, "finished_at": now}


def reveal(connection: Connection, campaign: int, slug: str) -> None:
    """The plan is whole: from the end of this transaction on, it can be sent."""
    connection.execute(
        update(campaigns)
        .where(campaigns.c.id == campaign)
        .values(slug=slug, control=Control.RUNNING, finished_at=None)
    )


def plan_at_once(
    connection: Connection, campaign: int, readers: Select[Any], now: datetime.datetime
) -> None:
    """All deliveries in somebody's transaction.

    Args:
        connection: In ``writing()``.
        campaign: Number of the campaign.
        readers: As ``audience.readers`` gives it.
        now: The time.
    """
    columns = [column.name for column in readers.selected_columns]
    connection.execute(
        insert(deliveries).from_select(
            [*columns, "campaign_id", "updated_at"],
            readers.add_columns(literal(campaign), literal(now, Moment)),
        )
    )
    analyze(connection, deliveries)


def plan_in_blocks(
    database: Database, campaign: int, readers: Select[Any], now: datetime.datetime
) -> None:
    """All deliveries, in transactions of ``BLOCK`` rows; readers are those of one moment.

    Raises:
        DatabaseError: They cannot be written; some may be.
    """
    database.spare_memory()
    columns = {column.name: column for column in readers.selected_columns}
    columns["campaign_id"] = literal(campaign)
    columns["updated_at"] = type_coerce(literal(now, Moment), Text)  # as it is stored
    query = readers.with_only_columns(*(columns[name] for name in _COLUMNS))
    with database.reading() as reading:
        rows = reading.execution_options(yield_per=BLOCK).execute(query)
        for block in rows.partitions():
            text = json.dumps([tuple(row) for row in block])
            with database.writing() as connection:
                _write(connection, text)


def throw_away(database: Database) -> None:
    """Whatever is left of plans that never became whole; nobody else may be planning."""
    with database.reading() as connection:
        left = connection.scalars(select(campaigns.c.id).where(campaigns.c.slug == NAMELESS)).all()
    for campaign in left:
        some = select(deliveries.c.id).where(deliveries.c.campaign_id == campaign).limit(BLOCK)
        removed = BLOCK
        while removed:
            with database.writing() as connection:
                its = deliveries.c.id.in_(some.scalar_subquery())
                removed = connection.execute(delete(deliveries).where(its)).rowcount
        with database.writing() as connection:
            connection.execute(delete(campaigns).where(campaigns.c.id == campaign))


def _write(connection: Connection, rows: str) -> None:
    connection.exec_driver_sql(_INSERT, (rows,))


_COLUMNS = ("subscriber_id", "subscription_id", "edition", "state", "campaign_id", "updated_at")

# All rows of a block are one parameter, a JSON text: one by one they take twice as long, and more
# with other threads at work. Who was forgotten since the plan began is not there any more.
_FIELDS = [f"json_extract(value, '$[{at}]')" for at in range(len(_COLUMNS))]
_INSERT = (
    f"INSERT INTO deliveries ({', '.join(_COLUMNS)}) SELECT {', '.join(_FIELDS)}"  # noqa: S608
    f" FROM json_each(?) WHERE EXISTS (SELECT 1 FROM subscribers WHERE id = {_FIELDS[0]})"
)
