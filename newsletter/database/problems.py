"""What went wrong in the database, in words that help."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from newsletter.errors import DatabaseError

# SQLite's primary result codes (https://sqlite.org/rescode.html): what is wrong, what is next.
_SAID = {
    sqlite3.SQLITE_FULL: (
        "the disk is full",
        "Free some space and run it again; nothing was half written.",
    ),
    sqlite3.SQLITE_BUSY: (
        "another program is writing to it",
        "Wait until the other newsletter command is done, then run it again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "it is read-only",
        "Make the file and its folder writable for you.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "it cannot be opened",
        "Check that its folder exists and that you may read and write it.",
    ),
    sqlite3.SQLITE_PERM: (
        "it cannot be opened: permission denied",
        "Make the file and its folder writable for you.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "it is not a database",
        "Move the file away, or put the right one back from a backup.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "it is damaged",
        "Put it back from a backup, or rescue what is left with: sqlite3 FILE .recover",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk does not read or write it",
        "Check the free space, your quota and the health of the disk.",
    ),
}
_SAID[sqlite3.SQLITE_LOCKED] = _SAID[sqlite3.SQLITE_BUSY]


@contextlib.contextmanager
def in_plain_words(path: Path, also: type[OSError] | tuple[()] = ()) -> Iterator[None]:
    """Turn errors of SQLAlchemy and its driver, and those of ``also``, into ``DatabaseError``."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        problem, hint = _explain(error)
        raise DatabaseError(f"database {path}: {problem}", hint) from error
    except also as error:
        raise DatabaseError(
            f"database {path}: {error.strerror or error}",
            "Check the free space and the permissions of that folder.",
        ) from error


def _explain(error: Exception) -> tuple[str, str]:
    cause = error.orig if isinstance(error, DBAPIError) else error
    # The low byte of an extended result code is the primary one.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return _SAID.get(code) or (str(cause).splitlines()[0], "")
