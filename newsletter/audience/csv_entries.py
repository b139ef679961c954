"""Rows of a CSV file as checked entries; what is wrong with the others is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.audience.address import Address
from newsletter.audience.columns import Columns
from newsletter.audience.csv_file import CsvFile, Row
from newsletter.audience.formula import restore
from newsletter.audience.profile import Profile
from newsletter.audience.status import Status
from newsletter.errors import AudienceError
from newsletter.findings import Finding, Severity, in_reading_order

FINDINGS_KEPT = 1000
"""Findings of one file that are kept; a file that is wrong throughout must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One reader of an imported list.

    Attributes:
        line: Where they stand in the file, from 1.
        address: Their address.
        status: What the list says of them; active if it says nothing.
        profile: What else is known.
    """

    line: int
    address: Address
    status: Status
    profile: Profile


class Problems:
    """Findings about a file: the first ``FINDINGS_KEPT``, in the order of the file.

    Attributes:
        rejected: Number of rows left out because something in them is wrong.
        duplicates: Number of rows left out because their address stands further up.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._findings: list[Finding] = []
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

    def reject(self, line: int, position: int, message: str, hint: str) -> None:
        """A cell is wrong."""
        self.say(line, position, "csv-row", Severity.ERROR, message, hint)

    def duplicate(self, entry: Entry, position: int) -> None:
        """An address stands further up already."""
        self.duplicates += 1
        but = "" if entry.status is Status.ACTIVE else f' but for its "{entry.status}"'
        self.say(
            entry.line,
            position,
            "csv-duplicate",
            Severity.WARNING,
            f"{entry.address.email} stands further up in this file already",
            f"The first one counts, this one was left out{but}.",
        )


def entries(file: CsvFile, problems: Problems) -> Iterator[Entry]:
    """The good rows of a file; the others go to ``problems``.

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
        entry = _entry(row, file.columns, problems)
        if entry is None:
            problems.rejected += 1
        else:
            yield entry


def _entry(row: Row, columns: Columns, problems: Problems) -> Entry | None:
    cells = _cells(row, columns.width, problems)
    if cells is None:
        return None
    values: dict[str, Any] = {}
    wrong = False
    for column in columns.columns:
        try:
            values[column.field] = column.parse(restore(cells[column.position]))
        except AudienceError as error:
            problems.reject(row.line, column.position, error.message, error.hint)
            wrong = True
    if wrong:
        return None
    return Entry(
        line=row.line,
        address=values.pop("email"),
        status=values.pop("status", Status.ACTIVE),
        profile=Profile(
            name=values.pop("name", ""),
            language=values.pop("language", ""),
            attributes={field: value for field, value in values.items() if value},
        ),
    )


def _cells(row: Row, width: int, problems: Problems) -> list[str] | None:
    """Exactly ``width`` cells, or None if the row does not fit the header."""
    if row.last_line != row.line:
        problems.reject(
            row.line,
            0,
            f"a quoted cell runs on to line {row.last_line}",
            'Write each reader on one line; perhaps a closing " is missing.',
        )
        return None
    if isinstance(row.cells, str):
        problems.reject(
            row.line,
            0,
            "the quotes in this row do not match",
            'Double a quote that belongs to the text: "Ann ""Annie"" Lee".',
        )
        return None
    cells = row.cells
    if len(cells) > width and any(cells[width:]):
        problems.reject(
            row.line,
            width,
            f"the row has {len(cells)} cells, the header names {width}",
            "Put quotes around a cell that has the delimiter in it.",
        )
        return None
    return cells if len(cells) >= width else cells + [""] * (width - len(cells))
