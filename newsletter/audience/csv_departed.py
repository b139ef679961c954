"""Who must not be mailed by any row of a file, found before the first row is imported.

A list may have the same reader twice, and say only further down that they have left. They must not
be mailed in between, nor if an import ends half-way.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Self

from newsletter.audience import address
from newsletter.audience.csv_file import CsvFile
from newsletter.audience.formula import restore
from newsletter.audience.standing import COMPLAINED, SUPPRESSED, UNSUBSCRIBED, Standing
from newsletter.errors import AudienceError


class Departed:
    """Readers whom some row says to leave alone, and how many rows there are.

    A reader is a number of 64 bits, made of their address: of a million, 8 MB. That two of a
    million have the same one happens once in 30 million files; one of them is then not mailed.

    Attributes:
        lines: Number of lines of the file, blank ones counted.
    """

    def __init__(self) -> None:
        self.lines = 0
        self._found = {standing: array("q") for standing in (UNSUBSCRIBED, SUPPRESSED, COMPLAINED)}

    def __bool__(self) -> bool:
        """Whether there is anybody."""
        return any(self._found.values())

    @classmethod
    def of(cls, file: CsvFile, list_name: str) -> Self:
        """Read a file to its end.

        Args:
            file: The file.
            list_name: The list of rows that name none.

        Raises:
            AudienceError: It cannot be read to its end.
        """
        departed = cls()
        columns = file.columns
        list_at = next((one.position for one in columns.columns if one.field == "list"), None)
        if not columns.says_who_left:
            departed.lines = file.last_line()
            return departed
        for row in file.rows():
            departed.lines = row.last_line
            if isinstance(row.cells, str):
                continue
            cells = row.cells + [""] * (columns.width - len(row.cells))
            try:
                standing = columns.standing(cells)
                if standing.has_left:
                    key = address.parse(restore(cells[columns.email_at])).key
                    name = cells[list_at].strip() if list_at is not None else ""
                    departed._add(standing, key, name or list_name)
            except AudienceError:
                continue  # the row will be reported
        departed._sort()
        return departed

    def standing(self, key: str, list_name: str, standing: Standing) -> Standing:
        """What the file as a whole says of a reader.

        Args:
            key: ``Address.key``.
            list_name: The list that a row is about.
            standing: What that row says.
        """
        for worse, numbers in self._found.items():
            if numbers:
                number = hash(_who(worse, key, list_name))
                at = bisect_left(numbers, number)
                if at < len(numbers) and numbers[at] == number:
                    standing = standing.or_worse(worse)
        return standing

    def _add(self, standing: Standing, key: str, list_name: str) -> None:
        self._found[standing].append(hash(_who(standing, key, list_name)))

    def _sort(self) -> None:
        for standing, numbers in self._found.items():
            self._found[standing] = array("q", sorted(numbers))


def _who(standing: Standing, key: str, list_name: str) -> tuple[str, ...]:
    # A list can be left; a dead mailbox is dead for all of them.
    return (key, list_name) if standing == UNSUBSCRIBED else (key,)
