"""The list of subscribers as CSV (RFC 4180), to be opened in a spreadsheet or imported again."""

from __future__ import annotations

import contextlib
import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from newsletter.audience.formula import neutralise
from newsletter.audience.subscribers import list_subscribers
from newsletter.database.engine import Database
from newsletter.errors import AudienceError

COLUMNS = ("email", "name", "language", "status")
"""The first columns; further values follow by name."""


def export_csv(database: Database, target: Path | TextIO) -> int:
    """Write all readers, whatever their status; importing the file again changes nothing.

    Cells that a spreadsheet would run as a formula get an apostrophe before them, which the
    import takes off again.

    Args:
        database: Where from.
        target: A file, which is written whole or not at all and is readable by its owner only; or
            an open stream.

    Returns:
        How many readers were written.

    Raises:
        AudienceError: It cannot be written.
        BrokenPipeError: Whoever read the stream has gone.
        DatabaseError: The database cannot be read.
    """
    try:
        if isinstance(target, Path):
            with _replacing(target) as file:
                return _write(database, file)
        return _write(database, target)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AudienceError(
            f"cannot write {target if isinstance(target, Path) else 'the list'}: "
            f"{error.strerror or error}",
            "Check the free space and the permissions of that folder.",
        ) from error


def _write(database: Database, file: TextIO) -> int:
    fields = sorted({name for reader in list_subscribers(database) for name in reader.attributes})
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, *fields])
    written = 0
    for reader in list_subscribers(database):
        known = (reader.email, reader.name, reader.language, reader.status)
        further = (reader.attributes.get(name, "") for name in fields)
        writer.writerow([neutralise(cell) for cell in (*known, *further)])
        written += 1
    file.flush()
    return written


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    """A stream whose content takes the place of a file when all of it is on the disk."""
    # mkstemp makes the file with mode 0600.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
