"""Writing many rows at once, each with values of its own, as fast as the database can.

SQLAlchemy's own way takes several times as long as SQLite itself, mostly for values that need no
processing; on PostgreSQL it takes three round trips a row.

Values are numbers, text, truth values, times, None, and what JSON holds for a JSON column. Times
are UTC: aware, or naive as they are stored. Binary columns are not for these functions.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table

from newsletter.database import bulk_postgresql, bulk_sqlite
from newsletter.database.bulk_update import BulkUpdate, RunUpdate


def update_each(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str] | Mapping[str, str] = ("id",),
    where: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    provided: str = "",
) -> int:
    """Change rows, each to values of its own, in one statement.

    ``update_each(c, deliveries, rows, keys=("id", "attempts"), where={"state": "attempting"})``
    changes only rows that still are as expected; fewer than ``len(rows)`` means that some are not.

    Args:
        connection: In ``writing()``.
        table: The table.
        rows: New values by column, the keys among them; all have the same names, and none means
            the same row of the table as another.
        keys: Columns that say which row is meant. As a mapping, a column to its name in ``rows``:
            for one that is asked for and changed at once (``{"id": "id", "attempts": "before"}``).
        where: What must hold of every row, by column, the same for all; a value is not None.
        values: Further columns and their new value, the same for all.
        provided: A further condition in SQL, in which ``{row}`` is the row; the program's own
            words, never anybody's data.

    Returns:
        How many rows were changed.
    """
    if not rows:
        return 0
    names = dict(keys) if isinstance(keys, Mapping) else {key: key for key in keys}
    where, values = where or {}, values or {}
    key_names = set(names.values())
    update = BulkUpdate(
        table,
        tuple(name for name in rows[0] if name not in key_names),
        tuple(names.items()),
        tuple(where),
        tuple(values),
        provided,
    )
    run = _prepared(connection.dialect.name, update)
    return run(connection, rows, tuple(values.values()), tuple(where.values()))


def insert_each(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; all have the same names.

    Raises:
        DatabaseError: From ``writing()``: a key is taken.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        bulk_sqlite.insert(connection, table, rows)
    else:
        bulk_postgresql.insert(connection, table, rows)


@functools.lru_cache(maxsize=64)
def _prepared(dialect: str, update: BulkUpdate) -> RunUpdate:
    if any(isinstance(update.table.c[name].type, LargeBinary) for name in update.used):
        raise TypeError(f"update_each is not for binary columns of {update.table.name}")
    prepare = bulk_sqlite.prepare if dialect == "sqlite" else bulk_postgresql.prepare
    return prepare(update)
