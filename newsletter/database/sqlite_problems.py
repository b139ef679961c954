"""SQLite's errors, in words that help."""

from __future__ import annotations

import sqlite3

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


def explain(error: sqlite3.Error) -> tuple[str, str] | None:
    """What is wrong and what is next; None if SQLite's own words must do."""
    # The low byte of an extended result code is the primary one.
    return _SAID.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
