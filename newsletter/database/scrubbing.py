"""Leaving no trace of what was removed: in freed pages, the log, behind a full-text index."""

from __future__ import annotations

from typing import Any

from newsletter.database.inspection import quote
from newsletter.database.tables import metadata
from newsletter.errors import DatabaseError

_FULL_TEXT = (
    "SELECT name FROM sqlite_master WHERE type = 'table' "
    "AND lower(sql) LIKE 'create virtual table%using fts5%'"
)


def scrub_file(driver: Any, name: str, *, thorough: bool) -> None:
    """The same as ``Database.scrub``, for SQLite.

    Rows that are deleted are overwritten at once (``secure_delete``). What is left is in three
    places. When a full page is split, a copy of what moved may stay behind in it, out of reach:
    1 in 1,500 of the deleted rows was still found that way (2026-11-23); only writing everything
    anew (VACUUM) is sure. A full-text index marks entries as deleted until its parts are merged.
    And the log has pages as they were, until it is emptied.

    Args:
        driver: A connection of the driver, in no transaction.
        name: Path of the database, for messages.
        thorough: Also write everything anew.

    Raises:
        DatabaseError: Another program goes on reading an earlier state.
        Exception: The driver's.
    """
    for (table,) in driver.execute(_FULL_TEXT).fetchall():
        index = quote(table)
        driver.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')").close()  # noqa: S608
    if thorough:
        driver.execute("VACUUM").close()
    (busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise DatabaseError(
            f"database {name}: what was removed is still in its log, because another program "
            "goes on reading it",
            "Wait until that is done, or stop it; then run it again.",
        )


def scrub_server(driver: Any, *, thorough: bool) -> None:
    """The same for PostgreSQL, as far as a program can do it that is not its administrator.

    Args:
        driver: A connection of pg8000, in no transaction.
        thorough: Also write the tables anew, each of which nobody can read meanwhile.

    Raises:
        Exception: The driver's.
    """
    how = "(FULL)" if thorough else ""
    for table in metadata.sorted_tables:
        driver.execute_simple(f"VACUUM {how} {quote(table.name)}")
