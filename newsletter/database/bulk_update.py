"""What an update of many rows changes, whatever the dialect."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Table

RunUpdate = Callable[
    [Connection, Sequence[Mapping[str, Any]], tuple[Any, ...], tuple[Any, ...]], int
]
"""Runs an update: rows, values that are the same for all, what is expected of all."""


@dataclass(frozen=True, slots=True)
class BulkUpdate:
    """An update of many rows, without their values.

    Attributes:
        table: The table.
        columns: What is set, in each row to a value of its own.
        keys: Which row is meant: columns, and their names in the rows.
        where: Columns of which something is expected, the same for all.
        values: Columns that are set to the same value in all.
        provided: A further condition in SQL, in which ``{row}`` is the row.
    """

    table: Table
    columns: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    where: tuple[str, ...]
    values: tuple[str, ...]
    provided: str = ""

    @property
    def used(self) -> tuple[str, ...]:
        """All columns that are set or asked for."""
        return (*self.columns, *(column for column, _ in self.keys), *self.where, *self.values)


def picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """A function that gives a row's values in some order."""
    if len(names) == 1:
        (only,) = names
        return lambda row: (row[only],)
    return cast("Callable[[Mapping[str, Any]], tuple[Any, ...]]", operator.itemgetter(*names))


def naive(value: Any) -> Any:
    """A time as naive UTC, all else as it is."""
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value
