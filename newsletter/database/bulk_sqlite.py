"""Changing many rows of SQLite: all of them are one parameter, a JSON text.

The driver's ``executemany`` is as fast by itself; but it lets go of the interpreter for each row,
and with other threads at work waits each time to get it back.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import JSON, Connection, DateTime, Table
from sqlalchemy.dialects import sqlite

from newsletter.database.bulk_update import BulkUpdate, RunUpdate, naive, picker

Values = tuple[Any, ...]


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, which all have the same names."""
    names = tuple(rows[0])
    statement, times, objects = _insert_statement(table, names)
    picked = map(picker(names), rows)
    if times or objects:
        picked = map(_converter(list(times), list(objects)), picked)
    cursor = cast("Any", connection.connection.driver_connection).cursor()
    try:
        cursor.executemany(statement, picked)
    finally:
        cursor.close()


@functools.lru_cache(maxsize=16)
def _insert_statement(
    table: Table, names: tuple[str, ...]
) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    quote = sqlite.dialect().identifier_preparer.quote
    columns = ", ".join(map(quote, names))
    places = ", ".join("?" * len(names))
    types = [table.c[name].type for name in names]
    return (
        f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({places})",  # noqa: S608
        tuple(at for at, type_ in enumerate(types) if isinstance(_plain(type_), DateTime)),
        tuple(at for at, type_ in enumerate(types) if isinstance(type_, JSON)),
    )


def prepare(update: BulkUpdate) -> RunUpdate:
    """The statement, and what runs it."""
    quote = sqlite.dialect().identifier_preparer.quote
    names = [*update.columns, *(name for _, name in update.keys)]
    fields = ", ".join(f"json_extract(value, '$[{at}]') AS f{at}" for at in range(len(names)))
    width = len(update.columns)
    settings = [f"{quote(column)} = ?" for column in update.values]
    settings += [f"{quote(column)} = new_.f{at}" for at, column in enumerate(update.columns)]
    row = quote(update.table.name)
    asked = [
        f"{row}.{quote(column)} = new_.f{at}" for at, (column, _) in enumerate(update.keys, width)
    ]
    asked += [f"{row}.{quote(column)} = ?" for column in update.where]
    if update.provided:
        asked.append(update.provided.format(row=row))
    statement = (
        f"UPDATE {row} SET {', '.join(settings)} "  # noqa: S608
        f"FROM (SELECT {fields} FROM json_each(?)) AS new_ WHERE {' AND '.join(asked)}"
    )
    pick = picker(names)
    types = [update.table.c[column].type for column in (*update.columns, *dict(update.keys))]
    times = [at for at, type_ in enumerate(types) if isinstance(_plain(type_), DateTime)]
    objects = [at for at, type_ in enumerate(types) if isinstance(type_, JSON)]

    def run(
        connection: Connection,
        rows: Sequence[Mapping[str, Any]],
        values: Values,
        expected: Values,
    ) -> int:
        picked = map(pick, rows)
        if times or objects:
            picked = map(_converter(times, objects), picked)
        parameters = (
            *_same_for_all(update.table, update.values, values),
            json.dumps(list(picked)),
            *_same_for_all(update.table, update.where, expected),
        )
        # Not by way of SQLAlchemy's cursor, which takes longer than such an update itself.
        cursor = cast("Any", connection.connection.driver_connection).cursor()
        try:
            cursor.execute(statement, parameters)
            return cast("int", cursor.rowcount)
        finally:
            cursor.close()

    return run


def _converter(times: list[int], objects: list[int]) -> Callable[[Values], Values]:
    last: Any = None
    stored: Any = None

    def convert(row: Values) -> Values:
        nonlocal last, stored
        values = list(row)
        for at in times:
            if values[at] is not None:
                if values[at] is not last:  # most rows of a batch have one and the same time
                    last, stored = values[at], _time(values[at])
                values[at] = stored
        for at in objects:
            values[at] = json.dumps(values[at])
        return tuple(values)

    return convert


def _same_for_all(table: Table, columns: tuple[str, ...], values: Values) -> Values:
    return tuple(
        json.dumps(value)
        if isinstance(table.c[column].type, JSON)
        else _time(value)
        if isinstance(value, datetime.datetime)
        else value
        for column, value in zip(columns, values, strict=True)
    )


def _time(value: datetime.datetime) -> str:
    """As SQLAlchemy writes it: always with microseconds, so that text sorts as time does."""
    return cast("str", naive(value).isoformat(" ", "microseconds"))


def _plain(type_: Any) -> Any:
    return getattr(type_, "impl", type_)
