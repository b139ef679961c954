"""SQLite's errors, in words that help."""

from __future__ import annotations

import sqlite3
import sys

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


_WRONG_KEY = (
    "the key does not open it",
    "Look for the right key; nothing was changed. If the key is right, the file is damaged: put "
    "it back from a backup.",
)


def errors() -> tuple[type[Exception], ...]:
    """What the drivers raise: Python's own, and SQLCipher's if it is in use."""
    cipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error, cipher.Error) if cipher else (sqlite3.Error,)


def is_busy(error: BaseException) -> bool:
    """Whether another program has what is asked for."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_unreadable(error: BaseException) -> bool:
    """Whether the file is damaged, no database, or encrypted with another key."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def explain(error: BaseException) -> tuple[str, str] | None:
    """What is wrong and what is next; None if SQLite's own words must do."""
    # The low byte of an extended result code is the primary one.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB and not isinstance(error, sqlite3.Error):
        return _WRONG_KEY
    return _SAID.get(code)
