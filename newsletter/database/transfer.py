"""All tables from one database into another, or none: SQLite to PostgreSQL and back."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    LargeBinary,
    Table,
    delete,
    exists,
    func,
    select,
    tuple_,
)

from newsletter.database.adoption import FACT
from newsletter.database.dialects import insert_each, take_time, write_alone
from newsletter.database.engine import Database
from newsletter.database.numbering import go_on_after, last_number
from newsletter.database.problems import in_plain_words
from newsletter.database.tables import facts, metadata, workers
from newsletter.errors import DatabaseError

_BATCH = 1000
"""Rows in memory at a time."""
_FEW = 100
"""The same of tables in which some rows have a large value: a certificate has up to 200 KB."""


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
    arrived is read again and compared before the transaction ends. Afterwards it belongs to the
    keys of the source, and gives no row a number that the source has given before.

    Args:
        source: Where from.
        target: Where to; its tables are empty, and it belongs to the same keys or to none yet.
        now: The time, to know whether somebody is sending.

    Raises:
        DatabaseError: A send is running, the target is not empty or belongs to other keys,
            something cannot be written, or what arrived is not what was there.
    """
    tables = metadata.sorted_tables
    with source.writing() as read, target.writing() as write:
        for connection in (read, write):
            write_alone(connection, *tables)
            take_time(connection)  # one has nothing to say while the other reads a large table
        with in_plain_words(source.name):
            _refuse_while_sending(read, now)
            fingerprint = _fingerprint(read)
        _let_go_of_keys(write, fingerprint, target.name)
        _refuse_unless_empty(write, target.name)
        copied = []
        for table in tables:
            sent = _Digest(table)
            for rows in _batches(read, table, source.name):
                sent.add(rows)
                _insert(write, table, rows)
            with in_plain_words(source.name):
                last = last_number(read, table)
            go_on_after(write, table, max(last, last_number(write, table)))
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
    query = select(table).order_by(*table.primary_key).limit(_size(table))
    after = query
    while True:
        with in_plain_words(name):
            rows = [dict(row) for row in connection.execute(after).mappings()]
        if not rows:
            return
        yield rows
        after = query.where(key > tuple(rows[-1][column.name] for column in table.primary_key))


def _size(table: Table) -> int:
    large = _binary(table)
    if any(not column.nullable for column in large):
        return 1
    return min(_BATCH, _FEW) if large else _BATCH


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert them the fast way, but for values that it does not know: bytes, and days."""
    if any(isinstance(column.type, Date) for column in table.columns):
        connection.execute(table.insert(), rows)
        return
    large = [column.name for column in _binary(table)]
    fast: list[dict[str, Any]] = []
    slow: list[dict[str, Any]] = []
    for row in rows:
        (slow if any(row[name] is not None for name in large) else fast).append(row)
    insert_each(connection, table, fast)
    if slow:
        connection.execute(table.insert(), slow)


def _binary(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, LargeBinary)]


def _fingerprint(connection: Connection) -> str | None:
    """Of the keys that the database belongs to."""
    return connection.scalar(select(facts.c.value).where(facts.c.name == FACT))


def _let_go_of_keys(connection: Connection, fingerprint: str | None, name: str) -> None:
    """Make the target one that belongs to no keys yet; it gets the fingerprint with the facts."""
    met = _fingerprint(connection)
    if met not in (None, fingerprint):
        raise DatabaseError(
            f"database {name}: it belongs to other keys, those of another newsletter perhaps",
            "Name an empty database that is for this newsletter alone.",
        )
    connection.execute(delete(facts).where(facts.c.name == FACT))


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
    if isinstance(value, datetime.date):  # a time, too
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} in a table")
