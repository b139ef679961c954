"""Encrypting a database that is in use, decrypting it, giving it another key."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from newsletter.database.encryption import DatabaseKey, check_file
from newsletter.database.exchange import held, new_file, remove, swap, sync
from newsletter.database.inspection import Inspection, inspect_file, quote, table_names
from newsletter.database.problems import in_plain_words
from newsletter.errors import DatabaseError, NotFoundError


def convert(path: Path, old: DatabaseKey | None, new: DatabaseKey | None) -> Inspection:
    """Write a database anew under another key, or none, and put that in its place.

    The new file is complete, read back and compared row by row before the old one goes. Killed at
    any moment, there is either the old database or the new one. The bytes of the old file are
    overwritten; on an SSD, and in file systems that copy on write, that does not reach all of them.

    Args:
        path: The database; no other program has it open.
        old: Its key; None if it is not encrypted.
        new: The key it shall have; None if it shall not be encrypted.

    Returns:
        What is in it.

    Raises:
        NotFoundError: There is no database.
        DatabaseError: The key does not fit, the driver is not installed, another program has the
            file open, or it cannot be read or written; then it stays as it was.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no database {path}", "One that is made now is as you wish.")
    fresh = path.with_name(f".{path.name}.converted")
    with in_plain_words(str(path), also=OSError):
        check_file(path, old)
        try:
            with held(path, old, driver_key=new) as connection:
                remove(fresh)  # of an earlier attempt that was killed
                new_file(fresh).close()
                _copy(connection, fresh, new)
                found = inspect_file(fresh, new)
                sync(fresh)
                swap(path, fresh, kept=None)
        finally:
            remove(fresh)
    return found


def _copy(connection: Any, fresh: Path, key: DatabaseKey | None) -> None:
    # An empty key means that the file is not encrypted.
    secret = key.secret if key is not None else ""
    connection.execute("PRAGMA cipher_log_level = NONE").close()
    connection.execute("ATTACH ? AS fresh KEY ?", (str(fresh), secret)).close()
    connection.execute("SELECT sqlcipher_export('fresh')").fetchall()
    for table in table_names(connection):
        rows = (
            connection.execute(f"SELECT * FROM {schema}.{quote(table)}")  # noqa: S608
            for schema in ("main", "fresh")
        )
        if any(before != after for before, after in itertools.zip_longest(*rows)):
            raise DatabaseError(
                f"the table {table} did not arrive as it was", "The database stays as it was."
            )
    if table_names(connection) != table_names(connection, "fresh"):
        raise DatabaseError("tables are missing in the copy", "The database stays as it was.")
    connection.execute("DETACH fresh").close()
