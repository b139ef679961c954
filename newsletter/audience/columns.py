"""What the columns of an imported list mean, by their names in the header row."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from newsletter.audience import address
from newsletter.audience.profile import field_name, parse_language, parse_value
from newsletter.audience.status import Status
from newsletter.audience.text import clean, quoted
from newsletter.errors import AudienceError

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


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        position: 0 for the first.
        field: ``email``, ``name``, ``language``, ``status``, or a merge field.
        parse: Makes a value of a cell; raises ``AudienceError``.
    """

    position: int
    field: str
    parse: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file.

    Attributes:
        columns: Each column, in the file's order.
        width: How many cells a row has at most.
        email_at: Position of the address, 0 for the first.
    """

    columns: tuple[Column, ...]
    width: int
    email_at: int

    @classmethod
    def parse(cls, names: Sequence[str], place: str) -> Self:
        """The columns that a header row names.

        Args:
            names: Cells of the header row.
            place: File and line of it, for messages.

        Raises:
            AudienceError: There is no ``email`` column, or a name is unfit, reserved or there
                twice.
        """
        names = [name.strip() for name in names]
        while names and not names[-1]:
            names.pop()
        columns: dict[str, Column] = {}
        for position, name in enumerate(names):
            try:
                field = _field(name)
            except AudienceError as error:
                raise AudienceError(
                    f"{place}:{position + 1}: column {error.message}", error.hint
                ) from None
            if field in columns:
                raise AudienceError(
                    f"{place}:{position + 1}: column {quoted(name)} means the same as "
                    f"{quoted(names[columns[field].position])}",
                    "Rename one of them, or take it out.",
                )
            columns[field] = Column(position, field, _parser(field, name))
        if "email" not in columns:
            raise AudienceError(
                f"{place}: no column is named email (there is: "
                f"{', '.join(quoted(name) for name in names[:10])})",
                "The first line names the columns, for example: email,name,language",
            )
        return cls(tuple(columns.values()), len(names), columns["email"].position)


def _field(name: str) -> str:
    if not name:
        raise AudienceError("has no name", "Give it one, or take the column out.")
    if name.lower() == "status":
        return "status"
    field = field_name(name)
    return _ALIASES.get(field, field)


def _parser(field: str, name: str) -> Callable[[str], Any]:
    if field == "email":
        return address.parse
    if field == "language":
        return parse_language
    if field == "status":
        return _parse_status
    return functools.partial(parse_value, name)


def _parse_status(text: str) -> Status:
    status = clean(text, "status").lower()
    if status in {"", "subscribed"}:
        return Status.ACTIVE
    try:
        return Status(status)
    except ValueError:
        raise AudienceError(
            f"status {quoted(text)} is not known",
            f"Write {', '.join(Status)}; whoever must not be mailed is not active.",
        ) from None
