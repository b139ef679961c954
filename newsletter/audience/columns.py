"""What the columns of an imported list mean, by their names in the header row."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from newsletter.audience import address
from newsletter.audience.formats.format import Format, fold
from newsletter.audience.formats.values import (
    language_if_known,
    moment_if_known,
    parse_json,
    parse_tags,
)
from newsletter.audience.formula import restore
from newsletter.audience.moments import parse_moment
from newsletter.audience.profile import CONSENT, field_name, parse_language, parse_value
from newsletter.audience.standing import CONFIRMED, Standing, parse_standing
from newsletter.audience.text import clean, quoted
from newsletter.errors import AudienceError

EVERYTHING = "*"
"""Field of a column that holds several merge fields, as JSON."""

REJECTS = ("rejected_line", "rejected_because")
"""Columns of a report of bad rows; mended, it can be imported like any list."""

# Other names of the columns that the program knows, as other programs write them.
_ALIASES = {
    "e_mail": "email",
    "email_address": "email",
    "e_mail_address": "email",
    "mail": "email",
    "full_name": "name",
    "lang": "language",
    "locale": "language",
}

_SHA256 = re.compile(r"[0-9a-f]{64}|")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        position: 0 for the first.
        field: ``email``, ``name``, ``language``, ``list``, ``requested_at``, ``confirmed_at``,
            ``unsubscribed_at``, ``consent_source``, ``consent_wording``, ``EVERYTHING``, or a
            merge field.
        parse: Makes a value of a cell; raises ``AudienceError``.
    """

    position: int
    field: str
    parse: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file.

    Attributes:
        names: As the header row has them.
        columns: Each column that is taken over, in the file's order.
        email_at: Position of the address, 0 for the first.
        left_out: Names of columns that are not taken over.
        width: How many cells a row has at most.
        format: Whose list it is; None for nobody's in particular.
        asked: Where the columns stand that say whether a reader may be mailed, by name.
        plan: The columns once more, as plain tuples: they are gone through for every row.
        says_who_left: Whether rows can say that somebody must not be mailed.
        says_of_consent: Whether rows can say when or how somebody agreed.
    """

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    email_at: int
    left_out: tuple[str, ...]
    format: Format | None
    asked: tuple[tuple[str, int], ...]
    width: int
    plan: tuple[tuple[int, str, Callable[[str], Any]], ...]
    says_who_left: bool
    says_of_consent: bool

    @classmethod
    def parse(cls, names: Sequence[str], place: str, format_: Format | None = None) -> Self:
        """The columns that a header row names.

        Args:
            names: Cells of the header row.
            place: File and line of it, for messages.
            format_: Whose list it is; None for nobody's in particular.

        Raises:
            AudienceError: There is no ``email`` column, or a name is unfit, reserved or there
                twice.
        """
        names = [restore(name.strip()) for name in names]
        while names and not names[-1]:
            names.pop()
        reading = _Reading(names, format_)
        columns: dict[str, Column] = {}
        for position, name in enumerate(names):
            try:
                column = reading.column(position, name)
            except AudienceError as error:
                raise AudienceError(
                    f"{place}:{position + 1}: column {error.message}", error.hint
                ) from None
            if column is None:
                continue
            if column.field in columns:
                raise AudienceError(
                    f"{place}:{position + 1}: column {quoted(name)} means the same as "
                    f"{quoted(names[columns[column.field].position])}",
                    "Rename one of them, or take it out.",
                )
            columns[column.field] = column
        if "email" not in columns:
            raise AudienceError(
                f"{place}: no column is named email (there is: "
                f"{', '.join(quoted(name) for name in names[:10])})",
                "The first line names the columns, for example: email,name,language",
            )
        return cls(
            tuple(names),
            tuple(columns.values()),
            columns["email"].position,
            tuple(reading.left_out),
            format_,
            tuple(reading.asked.items()),
            len(names),
            tuple((one.position, one.field, one.parse) for one in columns.values()),
            bool(reading.asked) or bool(format_ and format_.standing({}).has_left),
            not columns.keys().isdisjoint(CONSENT),
        )

    def standing(self, cells: Sequence[str]) -> Standing:
        """Whether the reader in a row may be mailed, by what the row says.

        Args:
            cells: As many as there are columns.

        Raises:
            AudienceError: It says something that nobody knows.
        """
        if not self.asked:
            return CONFIRMED if self.format is None else self.format.standing({})
        told = {name: restore(cells[position]) for name, position in self.asked}
        return parse_standing(told["status"]) if self.format is None else self.format.standing(told)


class _Reading:
    """A header row being read."""

    def __init__(self, names: Sequence[str], format_: Format | None) -> None:
        self._format = format_
        self._folded = [fold(name) for name in names]
        self.left_out: list[str] = []
        self.asked: dict[str, int] = {}

    def column(self, position: int, name: str) -> Column | None:
        """The column at a position; None if it is not taken over."""
        if not name:
            raise AudienceError("has no name", "Give it one, or take the column out.")
        folded = self._folded[position]
        if self._format is None:
            if folded == "status":
                self.asked["status"] = position
                return None
            return None if folded in REJECTS else _own(position, name, folded)
        return self._foreign(self._format, position, name, folded)

    def _foreign(self, format_: Format, position: int, name: str, folded: str) -> Column | None:
        if folded in format_.asks:
            self.asked[folded] = position
        if field := format_.fields.get(folded):
            return Column(position, field, _foreign_parser(field, name))
        if folded in REJECTS or folded in format_.asks:
            return None
        if format_.leaves_out(folded):
            self.left_out.append(name)
            return None
        try:
            return _own(position, name, folded)
        except AudienceError:
            # Its maker chose the name, not whoever imports it: it cannot be helped.
            self.left_out.append(name)
            return None


def _own(position: int, name: str, folded: str) -> Column:
    if parse := _OWN_PARSERS.get(folded):
        return Column(position, folded, parse)
    field = field_name(name)
    field = _ALIASES.get(field, field)
    return Column(position, field, _parser(field, name))


def _parser(field: str, name: str) -> Callable[[str], Any]:
    if field == "email":
        return address.parse
    if field == "language":
        return parse_language
    return functools.partial(parse_value, name)


def _foreign_parser(field: str, name: str) -> Callable[[str], Any]:
    if field.endswith("_at"):
        return moment_if_known
    lists = {"tags": parse_tags, "tiers": parse_tags, "language": language_if_known}
    return {**lists, EVERYTHING: parse_json}.get(field) or _parser(field, name)


def _parse_wording(text: str) -> str:
    text = clean(text, "consent_wording").lower()
    if not _SHA256.fullmatch(text):
        raise AudienceError(
            f"{quoted(text)} is not the hash of a wording",
            "It has 64 digits and letters from a to f; leave the cell empty if it is not known.",
        )
    return text


_OWN_PARSERS: dict[str, Callable[[str], Any]] = {
    "list": functools.partial(parse_value, "list"),
    "requested_at": parse_moment,
    "confirmed_at": parse_moment,
    "unsubscribed_at": parse_moment,
    "consent_source": functools.partial(parse_value, "consent_source"),
    "consent_wording": _parse_wording,
}
