"""Looking at a database file as a whole: is it sound, what schema has it, how many rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.database import sqlite
from newsletter.database.encryption import DatabaseKey, check_file
from newsletter.database.problems import in_plain_words
from newsletter.database.schema import version
from newsletter.errors import DatabaseError

_WAIT_SECONDS = 10.0
_CACHE = 131_072
"""KiB of memory, at most."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a sound database holds.

    Attributes:
        schema: Its revision, four digits; empty if it has no tables yet.
        rows: How many rows each table has.
    """

    schema: str
    rows: dict[str, int]


def inspect_file(path: Path, key: DatabaseKey | None, name: str = "") -> Inspection:
    """Read all of a database file and check that it is sound.

    Args:
        path: The file; nobody writes to it.
        key: Of an encrypted one.
        name: What it is called in messages, if not by its path.

    Raises:
        DatabaseError: It is damaged or no database, or the key does not fit.
    """
    name = name or str(path)
    with in_plain_words(name, also=OSError):
        check_file(path, key)
        connection = sqlite.connect(path, key, _WAIT_SECONDS)
        try:
            return inspect_connection(connection, name, encrypted=key is not None)
        finally:
            connection.close()


def inspect_connection(connection: Any, name: str, *, encrypted: bool) -> Inspection:
    """The same through a connection of the driver.

    Raises:
        DatabaseError: It is damaged.
        Exception: The driver's: it cannot be read.
    """
    connection.execute("PRAGMA trusted_schema = OFF").close()  # perhaps a stranger made the file
    # Each row is looked up in each index: a page that has to be decrypted is worth keeping.
    connection.execute(f"PRAGMA cache_size = {-_CACHE}").close()
    said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    if encrypted:  # signatures of pages; says nothing if all are right
        said += [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
    if said != ["ok"] or connection.execute("PRAGMA foreign_key_check").fetchone():
        raise DatabaseError(f"database {name}: it is damaged", "Take another copy of it.")
    rows = {table: _count(connection, table) for table in table_names(connection)}
    found = None
    if version.name in rows:
        query = f"SELECT version_num FROM {version.name}"  # noqa: S608
        found = connection.execute(query).fetchone()
    return Inspection(str(found[0]) if found else "", rows)


def table_names(connection: Any, schema: str = "main") -> list[str]:
    """Names of all tables that hold rows themselves, those behind a full-text index among them."""
    query = (
        f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' "  # noqa: S608
        "AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY name"
    )
    return [row[0] for row in connection.execute(query)]


def quote(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _count(connection: Any, table: str) -> int:
    (rows,) = connection.execute(f"SELECT count(*) FROM {quote(table)}").fetchone()  # noqa: S608
    return int(rows)
