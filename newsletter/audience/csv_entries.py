"""Rows of a CSV file as checked entries; what is wrong with the others is reported."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.audience.address import Address
from newsletter.audience.columns import EVERYTHING, Columns
from newsletter.audience.csv_file import CsvFile, Row
from newsletter.audience.csv_rejects import Rejects
from newsletter.audience.formula import restore
from newsletter.audience.profile import CONSENT, Profile
from newsletter.audience.standing import CONFIRMED, Standing
from newsletter.audience.text import quoted
from newsletter.errors import AudienceError
from newsletter.findings import Finding, Severity, in_reading_order

FINDINGS_KEPT = 1000
"""Findings of one file that are kept; a file that is wrong throughout must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a row says of when and how its reader agreed; None and empty: nothing.

    Attributes:
        requested_at: When they asked for it.
        confirmed_at: When they confirmed it.
        unsubscribed_at: When they left.
        consent_source: By which way they came.
        consent_wording: SHA-256 in hex of what they were shown.
    """

    requested_at: datetime.datetime | None = None
    confirmed_at: datetime.datetime | None = None
    unsubscribed_at: datetime.datetime | None = None
    consent_source: str = ""
    consent_wording: str = ""


NOTHING_SAID = Consent()


@dataclass(frozen=True, slots=True)
class Entry:
    """One reader of an imported list.

    Attributes:
        line: Where they stand in the file, from 1.
        address: Their address.
        list: The list that they are on.
        standing: What the row says of them; confirmed if it says nothing.
        profile: What else is known.
        consent: When and how they agreed.
    """

    line: int
    address: Address
    list: str
    standing: Standing
    profile: Profile
    consent: Consent


class Problems:
    """Findings about a file: the first ``FINDINGS_KEPT``, in the order of the file.

    Attributes:
        rejected: Number of rows left out because something in them is wrong.
        duplicates: Number of rows left out because their address stands further up.
    """

    def __init__(self, path: Path, rejects: Rejects | None = None) -> None:
        self._path = str(path)
        self._findings: list[Finding] = []
        self._rejects = rejects
        self._because: list[str] = []
        self.rejected = 0
        self.duplicates = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those that were kept, from top to bottom."""
        return tuple(in_reading_order(self._findings))

    def say(
        self, line: int, position: int, rule: str, severity: Severity, message: str, hint: str = ""
    ) -> None:
        """Keep a finding, unless there are enough; ``position`` 0 is the first cell."""
        if len(self._findings) < FINDINGS_KEPT:
            self._findings.append(
                Finding(self._path, line, position + 1, rule, severity, message, hint)
            )

    def wrong(self, line: int, position: int, message: str, hint: str) -> None:
        """A cell is wrong."""
        self._because.append(message)
        self.say(line, position, "csv-row", Severity.ERROR, message, hint)

    def reject(self, row: Row) -> None:
        """A row is left out for what was wrong in it."""
        self.rejected += 1
        if self._rejects is not None:
            self._rejects.write(row, "; ".join(self._because))
        self._because.clear()

    def duplicate(self, entry: Entry, position: int) -> None:
        """An address stands further up already."""
        self.duplicates += 1
        but = f' but for its "{entry.standing.status}"' if entry.standing.has_left else ""
        self.say(
            entry.line,
            position,
            "csv-duplicate",
            Severity.WARNING,
            f"{entry.address.email} stands further up in this file already",
            f"The first one counts, this one was left out{but}.",
        )


def entries(
    file: CsvFile, problems: Problems, lists: Collection[str], list_name: str
) -> Iterator[Entry]:
    """The good rows of a file; the others go to ``problems``.

    Args:
        file: The file.
        problems: Where what is wrong is said.
        lists: Lists that a row may name.
        list_name: The list of rows that name none; empty if each row must name its own.

    Raises:
        AudienceError: The file cannot be read to its end.
    """
    if file.encoding == "cp1252":
        problems.say(
            1,
            0,
            "csv-encoding",
            Severity.WARNING,
            "the file is not UTF-8; it was read as Windows-1252",
            'Look at names with accents; if they are wrong, save the list as "CSV UTF-8".',
        )
    for row in file.rows():
        entry = _entry(row, file.columns, problems, lists, list_name)
        if entry is None:
            problems.reject(row)
        else:
            yield entry


def _entry(
    row: Row, columns: Columns, problems: Problems, lists: Collection[str], list_name: str
) -> Entry | None:
    cells = _cells(row, columns.width, problems)
    if cells is None:
        return None
    values: dict[str, Any] = {}
    wrong = False
    for position, field, parse in columns.plan:
        cell = cells[position]
        try:
            values[field] = parse(restore(cell) if cell.startswith("'") else cell)
        except AudienceError as error:
            problems.wrong(row.line, position, error.message, error.hint)
            wrong = True
    standing = CONFIRMED
    if columns.says_who_left:
        try:
            standing = columns.standing(cells)
        except AudienceError as error:
            problems.wrong(row.line, columns.asked[0][1], error.message, error.hint)
            wrong = True
    list_ = values.pop("list", "") or list_name
    if list_ not in lists:
        problems.wrong(row.line, _position(columns, "list"), *_no_such_list(list_, lists))
        wrong = True
    if wrong:
        return None
    consent = NOTHING_SAID
    if columns.says_of_consent:
        said = {field: value for field in CONSENT if (value := values.pop(field, None))}
        consent = Consent(**said)
    address = values.pop("email")
    profile = _profile(values, is_foreign=columns.format is not None)
    return Entry(row.line, address, list_, standing, profile, consent)


def _profile(values: dict[str, Any], *, is_foreign: bool) -> Profile:
    """What is known of a reader; other programs often have no column for the whole name."""
    name, language = values.pop("name", ""), values.pop("language", "")
    if further := values.pop(EVERYTHING, None):
        values = {**further, **{field: value for field, value in values.items() if value}}
        name = values.pop("name", "") or name
    if is_foreign and not name:
        names = (values.get("first_name", ""), values.get("last_name", ""))
        name = " ".join(filter(None, names))
    attributes = {field: value for field, value in values.items() if value}
    return Profile(name=name, language=language, attributes=attributes)


def _position(columns: Columns, field: str) -> int:
    return next((column.position for column in columns.columns if column.field == field), 0)


def _no_such_list(name: str, lists: Collection[str]) -> tuple[str, str]:
    if not name:
        return (
            "the row names no list",
            f"Fill in the column, or name the list of such rows with --list: {', '.join(lists)}.",
        )
    return (
        f"there is no list {quoted(name)}",
        f"Lists are: {', '.join(lists)}. Others are made in newsletter.toml; if the column means "
        "something else, rename it.",
    )


def _cells(row: Row, width: int, problems: Problems) -> list[str] | None:
    """Exactly ``width`` cells, or None if the row does not fit the header."""
    if row.last_line != row.line:
        problems.wrong(
            row.line,
            0,
            f"a quoted cell runs on to line {row.last_line}",
            'Write each reader on one line; perhaps a closing " is missing.',
        )
        return None
    if isinstance(row.cells, str):
        problems.wrong(
            row.line,
            0,
            "the quotes in this row do not match",
            'Double a quote that belongs to the text: "Ann ""Annie"" Lee".',
        )
        return None
    cells = row.cells
    if len(cells) > width and any(cells[width:]):
        problems.wrong(
            row.line,
            width,
            f"the row has {len(cells)} cells, the header names {width}",
            "Put quotes around a cell that has the delimiter in it.",
        )
        return None
    return cells if len(cells) >= width else cells + [""] * (width - len(cells))
