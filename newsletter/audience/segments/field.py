"""What a segment can ask about: the fields of a reader, each as a column of the database."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from sqlalchemy import ColumnElement, and_, func, or_

from newsletter.audience.text import quoted
from newsletter.database.dialects import position
from newsletter.database.tables import subscribers
from newsletter.errors import SegmentError

_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Field(Protocol):
    """One field."""

    def known(self) -> ColumnElement[bool]:
        """Whether there is anything in it."""
        ...

    def one_of(self, values: Sequence[str]) -> ColumnElement[bool]:
        """Whether it is one of some values."""
        ...

    def has(self, value: str) -> ColumnElement[bool]:
        """Whether it is a list with a value in it."""
        ...

    def compared(self, how: str, value: str) -> ColumnElement[bool]:
        """Whether it comes before or after a value: ``<``, ``<=``, ``>``, ``>=``."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A field with text in it; where there is none, it is empty."""

    name: str
    column: ColumnElement[str]
    dialect: str

    @classmethod
    def named(cls, name: str, dialect: str) -> Self:
        """The field of a name: one of the program's own, or a column that was imported."""
        own: dict[str, ColumnElement[Any]] = {
            "email": subscribers.c.email,
            "name": subscribers.c.name,
            "domain": _after_at(dialect),
        }
        column = own.get(name)
        if column is None:
            column = func.coalesce(subscribers.c.attributes[name].as_string(), "")
        return cls(name, column, dialect)

    def known(self) -> ColumnElement[bool]:
        """Whether there is any text in it."""
        return self.column != ""

    def one_of(self, values: Sequence[str]) -> ColumnElement[bool]:
        """Whether it is exactly one of some texts."""
        if self.name == "domain":
            values = [value.lower() for value in values]
        return self.column.in_(values)

    def has(self, value: str) -> ColumnElement[bool]:
        """Whether one of the words between its commas is ``value``."""
        words = func.replace("," + self.column + ",", ", ", ",")
        return position(self.dialect, words, f",{value.strip()},") > 0

    def compared(self, how: str, value: str) -> ColumnElement[bool]:  # noqa: ARG002
        """Text has no order that everybody agrees on."""
        raise SegmentError(
            f"segment: {self.name} {how} means nothing: only since has an order",
            f'Name the values: {self.name} in ("a", "b").',
        )


@dataclass(frozen=True, slots=True)
class Language:
    """The reader's language; ``uk`` also means ``uk-UA`` (RFC 4647 §3.3.1, basic filtering)."""

    dialect: str

    def known(self) -> ColumnElement[bool]:
        """Whether it is known."""
        return subscribers.c.language != ""

    def one_of(self, values: Sequence[str]) -> ColumnElement[bool]:
        """Whether it is in the range of one of some tags; an empty one: whether it is not known."""
        column = subscribers.c.language
        return or_(
            *(
                or_(
                    column == value,
                    # Between "uk-" and whatever comes behind all that begin so: without LIKE, which
                    # one database folds and the other does not.
                    and_(column >= f"{value}-", column < f"{value}."),
                )
                if value
                else column == ""
                for value in values
            )
        )

    def has(self, value: str) -> ColumnElement[bool]:
        """A reader has one language."""
        return self.one_of((value,))

    def compared(self, how: str, value: str) -> ColumnElement[bool]:  # noqa: ARG002
        """Languages have no order."""
        raise SegmentError(
            f"segment: language {how} means nothing", 'Write language == "uk" instead.'
        )


@dataclass(frozen=True, slots=True)
class Since:
    """When the reader came; days begin and end in UTC."""

    dialect: str

    def known(self) -> ColumnElement[bool]:
        """Always."""
        return subscribers.c.created_at.is_not(None)

    def one_of(self, values: Sequence[str]) -> ColumnElement[bool]:
        """Whether it was on one of some days."""
        days = [_day(value) for value in values]
        day = datetime.timedelta(days=1)
        column = subscribers.c.created_at
        return or_(*(and_(column >= begin, column < begin + day) for begin in days))

    def has(self, value: str) -> ColumnElement[bool]:
        """A reader came once."""
        return self.one_of((value,))

    def compared(self, how: str, value: str) -> ColumnElement[bool]:
        """Whether it was before or after a day."""
        begin = _day(value)
        if how in {"<=", ">"}:  # the whole day
            begin, how = begin + datetime.timedelta(days=1), {"<=": "<", ">": ">="}[how]
        compared: ColumnElement[bool] = _COMPARE[how](subscribers.c.created_at, begin)
        return compared


def _day(value: str) -> datetime.datetime:
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        raise SegmentError(
            f"segment: {quoted(value)} is not a day", 'Write one like this: since >= "2026-01-31".'
        ) from None
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def _after_at(dialect: str) -> ColumnElement[Any]:
    key = subscribers.c.email_key
    return func.substr(key, position(dialect, key, "@") + 1)
