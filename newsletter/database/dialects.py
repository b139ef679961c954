"""Statements that SQLite and PostgreSQL spell in dialects of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Insert, Select, Table, func
from sqlalchemy.dialects import postgresql, sqlite

from newsletter.database.bulk import insert_each, update_each

__all__ = [
    "analyze",
    "contains",
    "insert_each",
    "insert_ignoring",
    "position",
    "skip_locked",
    "take_time",
    "update_each",
    "write_alone",
]


def insert_ignoring(connection: Connection, table: Table, *key: Column[Any]) -> Insert:
    """An INSERT that passes over rows whose primary or unique key is taken already.

    Both say ``ON CONFLICT DO NOTHING``; ``rowcount`` is the number of rows that were new. On
    PostgreSQL it waits for another transaction that has just inserted the same key.

    Args:
        connection: Where it will be run.
        table: Where to.
        key: The columns that may be taken; without them, those of every key.
    """
    columns = key or None
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=columns)
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=columns)


def skip_locked(query: Select[Any], of: Table) -> Select[Any]:
    """A query that takes rows for this transaction and passes over those that others have taken.

    PostgreSQL's ``FOR UPDATE SKIP LOCKED``. SQLite has one writer at a time, so nothing is added.

    Args:
        query: To be run in ``writing()``; it may have outer joins, but no GROUP BY or DISTINCT.
        of: The table whose rows are taken.
    """
    return query.with_for_update(skip_locked=True, of=of)


def write_alone(connection: Connection, *tables: Table) -> None:
    """Keep all others from writing to some tables until the transaction ends; reading goes on.

    On SQLite nothing need be done: in ``writing()`` one is alone.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(connection.dialect.identifier_preparer.quote(t.name) for t in tables)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def take_time(connection: Connection) -> None:
    """Let this transaction say nothing for as long as it likes, while something else is at work.

    PostgreSQL takes back what has been silent for too long, see ``postgresql.IDLE_SECONDS``.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def analyze(connection: Connection, *tables: Table) -> None:
    """Tell the query planner of PostgreSQL how many rows there are, after many have been written.

    It would find out by itself, a minute later; until then it may read whole tables for one row.
    Nothing need be done on SQLite, whose indexes are used whatever is in them.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(connection.dialect.identifier_preparer.quote(t.name) for t in tables)
        connection.exec_driver_sql(f"ANALYZE {names}")


def contains(dialect: str, column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a column has a text in it; case does not matter, in any alphabet.

    PostgreSQL's own folding follows the database's locale and may know ASCII only. Rules of ICU,
    named here, are the same on all servers.

    Args:
        dialect: ``Database.dialect``.
        column: Where to look.
        text: What to look for, as typed.
    """
    if dialect == "postgresql":
        column = column.collate("und-x-icu")
    return func.lower(column).contains(text.lower(), autoescape=True)


def position(dialect: str, column: ColumnElement[str], text: str) -> ColumnElement[int]:
    """Where a text begins in a column, from 1; 0 if it is not there. Case matters.

    Args:
        dialect: ``Database.dialect``.
        column: Where to look.
        text: What to look for, as it is.
    """
    return func.instr(column, text) if dialect == "sqlite" else func.strpos(column, text)
