"""The database: opened, brought to the newest schema, and used in transactions.

SQLite is embedded: one file, made at first use. PostgreSQL is a server, named by a URL.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from newsletter.database import sqlite
from newsletter.database.adoption import adopt, knows_its_keys
from newsletter.database.encryption import DatabaseKey, check_file
from newsletter.database.keys import Keys
from newsletter.database.location import SCHEMES, Location
from newsletter.database.problems import in_plain_words
from newsletter.database.schema import bring_up_to_date, is_current
from newsletter.errors import ConfigurationError

BUSY_SECONDS = 120.0
"""How long a transaction waits for another program's before it gives up.

An import of a million readers holds the database for 40 s (2026-11-23); a send that goes on
meanwhile must wait to write down what became of a message, not give up.
"""


class Database:
    """A newsletter's database. Use ``reading`` and ``writing``; each is one transaction.

    Attributes:
        name: Path or URL, without a password: to be shown, and to be opened again.
        path: The file; None if it is on a server.
    """

    def __init__(
        self, engine: Engine, name: str, path: Path | None = None, *, reading: str, writing: str
    ) -> None:
        self.name = name
        self.path = path
        self._keys: Keys | None = None
        self._readers = engine.execution_options(begin=reading)
        self._writers = engine.execution_options(begin=writing)
        on_file = engine.dialect.name == "sqlite"  # there a turn begins by way of the driver
        self._kept_writers = engine.execution_options(begin="" if on_file else writing)
        self._kept = threading.local()
        self._is_sparing = False

    @classmethod
    def open(
        cls,
        place: Path | str,
        password: str = "",
        *,
        keys: Keys | None = None,
        database_key: DatabaseKey | None = None,
    ) -> Database:
        """A database, migrated if need be; a file that is not there is made, with mode 0600.

        Args:
            place: Path of a file, or the URL of a PostgreSQL database: ``postgresql://…``.
            password: For the URL; without one it is looked for in ``PGPASSWORD``, ``~/.pgpass``.
            keys: Those that belong to it; without them, for a file, those in ``keys`` beside it.
            database_key: Of a file that is encrypted, or of a new one that shall be.

        Raises:
            ConfigurationError: The URL is wrong, or the keys cannot be read.
            DatabaseError: It cannot be opened, is no database, is of a newer version, belongs to
                other keys, or is encrypted and the key is missing or wrong.
        """
        if is_url(place):
            database = cls._on_server(Location.parse(str(place)), password)
        else:
            database = cls._in_file(Path(place), database_key)
        try:
            if keys is None and database.path is not None:
                keys = Keys.load(database.path.with_name("keys"))
            database._get_ready(keys)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def _in_file(cls, path: Path, key: DatabaseKey | None) -> Database:
        with in_plain_words(str(path), also=OSError):
            sqlite.prepare(path)
            check_file(path, key)
        engine = sqlite.make_engine(path, BUSY_SECONDS, key)
        return cls(engine, str(path), path, reading=sqlite.READING, writing=sqlite.WRITING)

    @classmethod
    def _on_server(cls, location: Location, password: str) -> Database:
        # Imported here: who has one file need not wait for it.
        from newsletter.database import postgresql

        engine = postgresql.make_engine(location, password, BUSY_SECONDS)
        return cls(engine, str(location), reading=postgresql.READING, writing=postgresql.WRITING)

    def _get_ready(self, keys: Keys | None) -> None:
        with self.reading() as connection:
            ready = is_current(connection, self.name) and (
                keys is None or knows_its_keys(connection, keys, self.name)
            )
        if not ready:
            with self.writing() as connection:
                bring_up_to_date(connection, self.name)
                if keys is not None and not knows_its_keys(connection, keys, self.name):
                    adopt(connection, keys)
        self._keys = keys

    @property
    def keys(self) -> Keys:
        """The keys that belong to it.

        Raises:
            ConfigurationError: It was opened without them.
        """
        if self._keys is None:
            raise ConfigurationError(
                f"database {self.name}: its keys are missing",
                "Name the file that holds them in keys_file.",
            )
        return self._keys

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._readers.dialect.name

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction to read in: it sees one state of the database from begin to end.

        Raises:
            DatabaseError: The database cannot be read.
        """
        with in_plain_words(self.name), self._readers.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction to write in; all of it is kept, on stable storage, or nothing.

        On SQLite it is the only one at a time. On PostgreSQL others write, too, and what was read
        may be changed by them before it is written: lock the rows (``with_for_update``), say in
        the ``WHERE`` what is expected, or keep others out with ``dialects.write_alone``.

        Raises:
            DatabaseError: The database cannot be written: another program holds it for longer
                than ``BUSY_SECONDS``, the disk is full, it is read-only, the server went away.
        """
        kept: Connection | None = getattr(self._kept, "connection", None)
        if kept is not None:
            with in_plain_words(self.name), self._turn(kept):
                yield kept
            return
        with in_plain_words(self.name), self._writers.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def keeping(self, *, eager: bool = False) -> Iterator[None]:
        """Keep one connection for all of this thread's ``writing``, until the end.

        For many short transactions: taking a connection and giving it back takes longer than a
        small one itself.

        Args:
            eager: Look for one's turn all the time. SQLite's own waiting pauses longer and longer,
                and whoever writes as often as a sending does goes first again and again.
        """
        with in_plain_words(self.name), self._kept_writers.connect() as connection:
            self._kept.connection = connection
            self._kept.eager = eager
            try:
                yield
            finally:
                self._kept.connection = None

    @contextlib.contextmanager
    def _turn(self, connection: Connection) -> Iterator[None]:
        if self.dialect != "sqlite":
            with connection.begin():
                yield
            return
        driver: Any = connection.connection.driver_connection
        if self._kept.eager:
            sqlite.begin_eagerly(driver, BUSY_SECONDS)
        else:
            driver.execute(sqlite.WRITING)
        try:
            yield
        except BaseException:
            driver.rollback()
            connection.rollback()
            raise
        driver.commit()
        connection.rollback()  # only SQLAlchemy's own notion of a transaction is left

    def spare_memory(self) -> None:
        """Hold little of the file in memory from now on.

        For work that goes through the readers in the order in which they are stored: it needs no
        page twice. On a server nothing changes.
        """
        if self.dialect == "sqlite" and not self._is_sparing:
            self._is_sparing = True
            sqlite.spare_memory(self._readers)

    def scrub(self, *, thorough: bool = True) -> None:
        """See that nothing of what was removed is left in the files; call it after deletions.

        On SQLite nobody writes while everything is written anew (2 to 5 s for a million readers);
        they wait. On PostgreSQL, older versions of rows may still be in its log, in replicas and
        in backups.

        Args:
            thorough: Write everything anew, which alone is sure. Without it what was removed is
                overwritten, and the log emptied: enough until the next thorough time.

        Raises:
            DatabaseError: Another program goes on reading an earlier state, or the disk is full.
        """
        from newsletter.database import scrubbing

        with in_plain_words(self.name), contextlib.closing(self._readers.raw_connection()) as raw:
            driver: Any = raw.driver_connection
            if self.dialect == "sqlite":
                scrubbing.scrub_file(driver, self.name, thorough=thorough)
            else:
                scrubbing.scrub_server(driver, thorough=thorough)

    def close(self) -> None:
        """Close all connections; SQLite's last one out folds the write-ahead log into the file."""
        self._readers.dispose()


def is_url(place: Path | str) -> bool:
    """Whether a place is a PostgreSQL URL, not a path."""
    return isinstance(place, str) and place.partition("://")[0] in SCHEMES and "://" in place
