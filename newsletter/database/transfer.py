"""All tables from one database into another, or none: SQLite to PostgreSQL and back."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, exists, func, select, text, tuple_

from newsletter.database.dialects import insert_each, take_time, write_alone
from newsletter.database.engine import Database
from newsletter.database.problems import in_plain_words
from newsletter.database.tables import metadata, workers
from newsletter.errors import DatabaseError

_BATCH = 1000
"""Rows in memory at a time; of tables with large values, one."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that is now in both databases.

    Attributes:
        table: Its name.
        rows: How many rows it has.
        digest: SHA-256 of all of its values, hex, the same in both.
    """

    table: str
    rows: int
    digest: str


def copy(source: Database, target: Database, now: datetime.datetime) -> tuple[Copied, ...]:
    """Copy all tables; the source stays as it is.

    Nobody else writes to either meanwhile. The target keeps everything or nothing: what has
    arrived is read again and compared before the transaction ends.

    Args:
        source: Where from.
        target: Where to; its tables are empty.
        now: The time, to know whether somebody is sending.

    Raises:
        DatabaseError: A send is running, the target is not empty, something cannot be written, or
            what arrived is not what was there.
    """
    tables = metadata.sorted_tables
    with source.writing() as read, target.writing() as write:
        for connection in (read, write):
            write_alone(connection, *tables)
            take_time(connection)  # one has nothing to say while the other reads a large table
        with in_plain_words(source.name):
            _refuse_while_sending(read, now)
        _refuse_unless_empty(write, target.name)
        copied = []
        for table in tables:
            sent = _Digest(table)
            for rows in _batches(read, table, source.name):
                sent.add(rows)
                _insert(write, table, rows)
            _go_on_counting(write, table)
            arrived = _Digest(table)
            for rows in _batches(write, table, target.name):
                arrived.add(rows)
            if (sent.rows, sent.digest) != (arrived.rows, arrived.digest):
                raise DatabaseError(
                    f"database {target.name}: the table {table.name} did not arrive as it was",
                    "Nothing was kept there, and the present database is as it was.",
                )
            copied.append(Copied(table.name, sent.rows, sent.digest))
    return tuple(copied)


def count_rows(database: Database) -> dict[str, int]:
    """How many rows each table has.

    Raises:
        DatabaseError: The database cannot be read.
    """
    with database.reading() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


class _Digest:
    """Number and SHA-256 of rows, the same whatever database they are in."""

    def __init__(self, table: Table) -> None:
        self._names = [column.name for column in table.columns]
        self._hash = hashlib.sha256()
        self.rows = 0

    def add(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            values = [row[name] for name in self._names]
            self._hash.update(json.dumps(values, default=_plain, sort_keys=True).encode() + b"\n")
        self.rows += len(rows)

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def _batches(connection: Connection, table: Table, name: str) -> Iterator[list[dict[str, Any]]]:
    """All rows by their primary key; ``name`` is that of the database, for messages."""
    key = tuple_(*table.primary_key)
    large = any(isinstance(column.type, LargeBinary) for column in table.columns)
    query = select(table).order_by(*table.primary_key).limit(1 if large else _BATCH)
    after = query
    while True:
        with in_plain_words(name):
            rows = [dict(row) for row in connection.execute(after).mappings()]
        if not rows:
            return
        yield rows
        after = query.where(key > tuple(rows[-1][column.name] for column in table.primary_key))


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if any(isinstance(column.type, LargeBinary) for column in table.columns):
        connection.execute(table.insert(), rows)
    else:
        insert_each(connection, table, rows)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """The next number that PostgreSQL gives a row comes after those that were brought along."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    highest = connection.scalar(select(func.max(column)))
    if highest is not None:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"),
            {"table": table.name, "column": column.name, "highest": highest},
        )


def _refuse_while_sending(connection: Connection, now: datetime.datetime) -> None:
    at_work = exists().where(workers.c.ended_at.is_(None), workers.c.lease_until > now)
    if connection.scalar(select(at_work)):
        raise DatabaseError(
            "a send is running, perhaps on another machine",
            "Wait until it is done; if it has crashed, wait a few minutes.",
        )


def _refuse_unless_empty(connection: Connection, name: str) -> None:
    for table in metadata.sorted_tables:
        if connection.scalar(select(exists(select(1).select_from(table)))):
            raise DatabaseError(
                f"database {name}: it is not empty, there are {table.name} in it",
                "Name an empty database; an old file can be moved to another folder first.",
            )


def _plain(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} in a table")
