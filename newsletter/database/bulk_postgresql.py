"""Writing many rows to PostgreSQL: all of them are one parameter, a JSON text.

The server reads JSON faster than the driver, which is Python, can make an array for each column or
look for placeholders in a long statement.
"""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import JSON, Connection, Integer, Table
from sqlalchemy.dialects import postgresql

from newsletter.database.bulk_update import BulkUpdate, RunUpdate, naive, picker

_DIALECT: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
# How those look in JSON. A pair of surrogates, which is a character, is looked at in vain.
_PERHAPS_NO_CHARACTER = re.compile(r"\\u(?:0000|d[89a-f])")


def prepare(update: BulkUpdate) -> RunUpdate:
    """The statement, and what runs it."""
    table = update.table
    fields = {column: column for column in update.columns}
    fields |= {name: column for column, name in update.keys}
    settings = [f"{_quote(column)} = %s::{_type(table, column)}" for column in update.values]
    settings += [f"{_quote(column)} = new_.{_quote(column)}" for column in update.columns]
    asked = [f"old_.{_quote(column)} = new_.{_quote(name)}" for column, name in update.keys]
    asked += [f"old_.{_quote(column)} = %s::{_type(table, column)}" for column in update.where]
    number = _number(update)
    if number:
        # The planner does not know how many records there will be, and would rather read a table
        # of 20,000 rows whole (5 ms) than trust the index (0.2 ms); of an array it knows.
        asked.append(f"old_.{_quote(number[0])} = ANY (%s::bigint[])")
    if update.provided:
        asked.append(update.provided.format(row="old_"))
    statement = (
        f"UPDATE {_quote(table.name)} AS old_ SET {', '.join(settings)} "  # noqa: S608
        f"FROM {_records(table, fields)} WHERE {' AND '.join(asked)}"
    )
    pick = picker(list(fields))

    def run(
        connection: Connection,
        rows: Sequence[Mapping[str, Any]],
        values: tuple[Any, ...],
        expected: tuple[Any, ...],
    ) -> int:
        sent = _dump([dict(zip(fields, pick(row), strict=True)) for row in rows])
        parameters = (
            *_same_for_all(table, update.values, values),
            sent,
            *_same_for_all(table, update.where, expected),
        )
        if number:
            name = number[1]
            parameters += (f"{{{','.join(str(int(row[name])) for row in rows)}}}",)
        return connection.exec_driver_sql(statement, parameters).rowcount

    return run


def _number(update: BulkUpdate) -> tuple[str, str] | None:
    """The key that is the number of the row, and its name in the rows."""
    for column, name in update.keys:
        if update.table.c[column].primary_key and isinstance(update.table.c[column].type, Integer):
            return column, name
    return None


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, which all have the same names."""
    connection.exec_driver_sql(_insert_statement(table, tuple(rows[0])), (_dump(rows),))


@functools.lru_cache(maxsize=16)
def _insert_statement(table: Table, columns: tuple[str, ...]) -> str:
    names = ", ".join(_quote(column) for column in columns)
    records = _records(table, {column: column for column in columns})
    return f"INSERT INTO {_quote(table.name)} ({names}) SELECT {names} FROM {records}"  # noqa: S608


def _records(table: Table, fields: Mapping[str, str]) -> str:
    types = ", ".join(f"{_quote(name)} {_type(table, fields[name])}" for name in fields)
    return f"json_to_recordset(%s::json) AS new_({types})"


def _quote(name: str) -> str:
    return cast("str", _DIALECT.identifier_preparer.quote(name))


def _type(table: Table, column: str) -> str:
    return cast("str", _DIALECT.type_compiler_instance.process(table.c[column].type))


def _dump(rows: Sequence[Mapping[str, Any]]) -> str:
    sent = json.dumps(rows, default=_time_writer())
    if _PERHAPS_NO_CHARACTER.search(sent):
        sent = json.dumps(
            [{name: _storable(value) for name, value in row.items()} for row in rows],
            default=_time_writer(),
        )
    return sent


def _same_for_all(table: Table, columns: Iterable[str], values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(
        json.dumps(value) if isinstance(table.c[column].type, JSON) else naive(value)
        for column, value in zip(columns, values, strict=True)
    )


def _time_writer() -> Callable[[Any], str]:
    last: Any = None
    text = ""

    def write(value: Any) -> str:
        nonlocal last, text
        if value is not last:  # most rows of a batch have one and the same time
            if not isinstance(value, datetime.datetime):
                raise TypeError(f"{type(value).__name__} cannot be written this way")
            last, text = value, naive(value).isoformat()
        return text

    return write


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", value)
    return value
