"""The database: opened, brought to the newest schema, and used in transactions.

SQLite is embedded: one file, made at first use, readable by its owner only.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from newsletter.database.problems import in_plain_words
from newsletter.database.schema import bring_up_to_date, is_current

BUSY_SECONDS = 120.0
"""How long a transaction waits for another program's before it gives up.

An import of a million readers holds the database for 40 s (2026-11-23); a send that goes on
meanwhile must wait to write down what became of a message, not give up.
"""

# WAL lets readers go on while one writes. FULL: what was committed survives a power cut
# (with WAL, NORMAL does not promise that). secure_delete: removed addresses leave no trace.
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -16384",  # 16 MB: the indexes of a million readers are not read twice
)


class Database:
    """A newsletter's database. Use ``reading`` and ``writing``; each is one transaction."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.path = path
        self._readers = engine
        self._writers = engine.execution_options(begin="BEGIN IMMEDIATE")

    @classmethod
    def open(cls, path: Path) -> Database:
        """The database in a file, made (mode 0600) or migrated if need be.

        Raises:
            DatabaseError: It cannot be opened, is no database, or is of a newer version.
        """
        with in_plain_words(path, also=OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                # SQLite gives its -wal and -shm files the permissions of the database file.
                path.touch()
            if path.stat().st_uid == os.geteuid():
                path.chmod(0o600)  # a restored copy may be open to everybody
        database = cls(_engine(path), path)
        try:
            with database.reading() as connection:
                current = is_current(connection, path)
            if not current:
                with database.writing() as connection:
                    bring_up_to_date(connection, path)
        except BaseException:
            database.close()
            raise
        return database

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction to read in: it sees one state of the database from begin to end.

        Raises:
            DatabaseError: The database cannot be read.
        """
        with in_plain_words(self.path), self._readers.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction to write in, the only one at a time; all of it is kept or nothing.

        Raises:
            DatabaseError: The database cannot be written: another program holds it for longer
                than ``BUSY_SECONDS``, the disk is full, the file is read-only.
        """
        with in_plain_words(self.path), self._writers.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections; the last one out folds the write-ahead log into the file."""
        self._readers.dispose()


def _engine(path: Path) -> Engine:
    # isolation_level None: the driver must not begin transactions by itself, which it would do
    # only before the first INSERT, so that a SELECT and the INSERT after it could disagree.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, record: Any) -> None:  # noqa: ARG001
    for pragma in PRAGMAS:
        connection.execute(pragma).close()
    # SQLite's own lower() knows ASCII only; names are in all alphabets.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
