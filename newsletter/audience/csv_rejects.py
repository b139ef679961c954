"""Rows that could not be imported, in a file of their own: to be mended and imported."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from newsletter.audience.columns import REJECTS
from newsletter.audience.csv_file import Row
from newsletter.audience.formula import neutralise
from newsletter.audience.owners_file import replacing
from newsletter.errors import AudienceError


class Rejects:
    """A report of bad rows being written: each with its line and what is wrong with it.

    Formulas in it are made harmless, as in an export.
    """

    def __init__(self, file: TextIO, names: Sequence[str]) -> None:
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow([*REJECTS, *map(neutralise, names)])

    def write(self, row: Row, because: str) -> None:
        """Add a row; one whose quotes do not match is a single cell."""
        cells = [row.text] if isinstance(row.cells, str) else row.cells
        self._writer.writerow([row.line, neutralise(because), *map(neutralise, cells)])


@contextlib.contextmanager
def rejects(path: Path | None, names: Sequence[str]) -> Iterator[Rejects | None]:
    """The report at a path, whole or not at all, for its owner only; None without a path.

    Args:
        path: Where to; a file that is there is replaced.
        names: Columns of the imported list.

    Raises:
        AudienceError: It cannot be written.
    """
    if path is None:
        yield None
        return
    try:
        with replacing(path) as file:
            yield Rejects(file, names)
    except OSError as error:
        raise AudienceError(
            f"cannot write {path}: {error.strerror or error}",
            "Check the free space and the permissions of that folder.",
        ) from error
