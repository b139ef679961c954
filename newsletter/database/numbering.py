"""The numbers that a database gives to its rows, and going on from those of another one.

Links in letters carry such numbers. Were one given a second time after its row was deleted, an old
link would act for somebody else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Table, func, select, text


def last_number(connection: Connection, table: Table) -> int:
    """The highest number that a row was ever given, also if that row is gone; 0 if none was.

    SQLite remembers it for tables with AUTOINCREMENT only; of others, for which a number may come
    back, it is the highest that is there.

    Args:
        connection: The database.
        table: One of ours; if its rows have no numbers, the answer is 0.
    """
    column = table.autoincrement_column
    if column is None:
        return 0
    there = connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        given = connection.scalar(query, {"table": table.name})
    else:
        query = text(f"SELECT last_value FROM {_sequence(connection, column)} WHERE is_called")  # noqa: S608
        given = connection.scalar(query)
    return max(there, given or 0)


def go_on_after(connection: Connection, table: Table, number: int) -> None:
    """Let the next row have a higher number than this one.

    Args:
        connection: In a transaction to write in. On PostgreSQL, a number that is passed over stays
            so, even if the transaction is undone.
        table: One of ours; nothing is done if its rows have no numbers.
        number: From ``last_number``; not lower than the highest that is there.
    """
    column = table.autoincrement_column
    if column is None or number == 0:
        return
    if connection.dialect.name == "postgresql":
        statement = text("SELECT setval(CAST(:sequence AS regclass), :number)")
        sequence = _sequence(connection, column)
        connection.execute(statement, {"sequence": sequence, "number": number})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        # An ordinary table, without a key (https://sqlite.org/autoinc.html).
        where = {"table": table.name, "number": number}
        change = text("UPDATE sqlite_sequence SET seq = :number WHERE name = :table")
        if not connection.execute(change, where).rowcount:
            insert = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)")
            connection.execute(insert, where)


def _sequence(connection: Connection, column: Column[Any]) -> str:
    """What PostgreSQL takes a column's numbers from; its name as SQL has it, quoted if need be."""
    query = text("SELECT pg_get_serial_sequence(:table, :column)")
    name = connection.scalar(query, {"table": column.table.name, "column": column.name})
    return str(name)
