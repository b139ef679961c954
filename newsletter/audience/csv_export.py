"""The list of subscribers as CSV (RFC 4180), to be opened in a spreadsheet or imported again."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from sqlalchemy import select

from newsletter.audience.formula import neutralise
from newsletter.audience.owners_file import replacing
from newsletter.audience.profile import CONSENT
from newsletter.audience.segments.segment import Segment
from newsletter.audience.status import Status
from newsletter.audience.subscriber import Subscriber, Subscription
from newsletter.audience.subscribers import list_subscribers
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers
from newsletter.errors import AudienceError

COLUMNS = ("email", "name", "language", "list", "status", *CONSENT)
"""The first columns; further values follow by name."""

_NOTHING = Subscription("", Status.UNSUBSCRIBED, None, None, None, "", "")
"""For a reader who is on nothing and never was: nobody is to be mailed by an oversight."""


def export_csv(
    database: Database,
    target: Path | TextIO,
    *,
    with_list: bool = True,
    list_name: str | None = None,
    status: Status | None = None,
    segment: Segment | None = None,
) -> int:
    """Write readers, a row for each list that they are on or were; importing it changes nothing.

    Cells that a spreadsheet would run as a formula get an apostrophe before them, which the
    import takes off again.

    Args:
        database: Where from.
        target: A file, which is written whole or not at all and is readable by its owner only; or
            an open stream.
        with_list: Whether there is a column for the list's name.
        list_name: Only this list.
        status: Only rows in this state.
        segment: Only readers of a segment.

    Returns:
        How many readers were written.

    Raises:
        AudienceError: It cannot be written.
        BrokenPipeError: Whoever read the stream has gone.
        DatabaseError: The database cannot be read.
    """
    readers = list_subscribers(
        database,
        list_name=list_name,
        # A reader in another state overall may be in this one on some list.
        status=status if status is Status.SUPPRESSED or list_name is not None else None,
        segment=segment,
    )
    columns = [name for name in COLUMNS if with_list or name != "list"]
    columns += _further_columns(database)
    rows = _rows(readers, list_name, status)
    try:
        if isinstance(target, Path):
            with replacing(target) as file:
                return _write(file, columns, rows)
        return _write(target, columns, rows)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AudienceError(
            f"cannot write {target if isinstance(target, Path) else 'the list'}: "
            f"{error.strerror or error}",
            "Check the free space and the permissions of that folder.",
        ) from error


def _rows(
    readers: Iterator[Subscriber], list_name: str | None, wanted: Status | None
) -> Iterator[tuple[Subscriber, Subscription, Status]]:
    for reader in readers:
        for one in reader.subscriptions or (_NOTHING,):
            status = Status.SUPPRESSED if reader.status is Status.SUPPRESSED else one.status
            if list_name in (None, one.list) and wanted in (None, status):
                yield reader, one, status


def _write(
    file: TextIO, columns: list[str], rows: Iterator[tuple[Subscriber, Subscription, Status]]
) -> int:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    written, last = 0, 0
    for reader, held, status in rows:
        cells = {
            **reader.attributes,
            "email": reader.email,
            "name": reader.name,
            "language": reader.language,
            "list": held.list,
            "status": status.value,
            "requested_at": _moment(held.requested_at),
            "confirmed_at": _moment(held.confirmed_at),
            "unsubscribed_at": _moment(held.unsubscribed_at),
            "consent_source": held.source,
            "consent_wording": held.wording,
        }
        writer.writerow([neutralise(cells.get(name, "")) for name in columns])
        written += reader.id != last
        last = reader.id
    file.flush()
    return written


def _moment(moment: datetime.datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _further_columns(database: Database) -> list[str]:
    """Names of all further values that any reader has."""
    names: set[str] = set()
    with database.reading() as connection:
        streamed = connection.execution_options(yield_per=1000)
        for attributes in streamed.scalars(select(subscribers.c.attributes)):
            names.update(attributes)
    return sorted(names.difference(COLUMNS))
