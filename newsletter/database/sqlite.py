"""SQLite: one file, readable by its owner only, durable, with one writer at a time.

With a key the file is encrypted: SQLCipher, a build of SQLite, encrypts and signs every page of it
and of its write-ahead log (AES-256, HMAC-SHA-512).
"""

from __future__ import annotations

import functools
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from newsletter.database.encryption import DatabaseKey
from newsletter.database.sqlite_problems import errors, is_busy
from newsletter.errors import DatabaseError

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

READING = "BEGIN"
WRITING = "BEGIN IMMEDIATE"

_LITTLE = "PRAGMA cache_size = -2048"
_EAGER_PAUSE = 0.0005


def prepare(path: Path) -> None:
    """Make the file if there is none, and see that nobody else may read it.

    Raises:
        OSError: It cannot be made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # SQLite gives its -wal and -shm files the permissions of the database file.
        path.touch()
    if path.stat().st_uid == os.geteuid():
        path.chmod(0o600)  # a restored copy may be open to everybody


def driver(key: DatabaseKey | None) -> Any:
    """The module that opens a file (PEP 249): Python's own, or SQLCipher's if there is a key.

    Raises:
        DatabaseError: The latter is not installed.
    """
    if key is None:
        return sqlite3
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise DatabaseError(
            "there is a key for the database, but the driver sqlcipher3 is not installed",
            "Install it with: pip install 'newsletter-as-code[encrypted]'",
        ) from error
    return dbapi2


def unlock(connection: Any, key: DatabaseKey) -> None:
    """Give a new connection the key, before it reads anything; a wrong one fails at the first."""
    # It would write its own lines to standard error, beside the error that it raises.
    connection.execute("PRAGMA cipher_log_level = NONE").close()
    connection.set_key(key.secret)  # not as SQL, which a trace might show
    # What does not fit into memory (a sort, say) must not be written anywhere in plain text.
    connection.execute("PRAGMA temp_store = MEMORY").close()


def connect(path: Path, key: DatabaseKey | None, busy_seconds: float) -> Any:
    """One connection of the driver itself, for work that SQLAlchemy has no words for.

    Raises:
        DatabaseError: The driver is not installed.
    """
    connection = driver(key).connect(str(path), isolation_level=None, timeout=busy_seconds)
    if key is not None:
        unlock(connection, key)
    return connection


def make_engine(path: Path, busy_seconds: float, key: DatabaseKey | None = None) -> Engine:
    """Connections to a file.

    Args:
        path: The file.
        busy_seconds: How long a transaction waits for another program's.
        key: Of an encrypted file.

    Raises:
        DatabaseError: The driver is not installed.
    """
    # isolation_level None: the driver must not begin transactions by itself, which it would do
    # only before the first INSERT, so that a SELECT and the INSERT after it could disagree.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=driver(key),
        connect_args={"isolation_level": None, "timeout": busy_seconds},
    )
    if key is not None:
        event.listen(engine, "do_connect", functools.partial(_connect_with, key))
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _connect_with(
    key: DatabaseKey,
    dialect: Any,
    record: Any,  # noqa: ARG001
    arguments: Any,
    options: Any,
) -> Any:
    connection = dialect.loaded_dbapi.connect(*arguments, **options)
    unlock(connection, key)
    return connection


def _set_up(connection: Any, record: Any) -> None:  # noqa: ARG001
    for pragma in PRAGMAS:
        connection.execute(pragma).close()
    # SQLite's own lower() knows ASCII only; names are in all alphabets.
    connection.create_function("lower", 1, _lower, deterministic=True)


def spare_memory(engine: Engine) -> None:
    """Let each connection hold 2 MB of the file at most; those that are at rest are closed."""
    event.listen(engine.pool, "connect", _hold_little)
    engine.dispose()


def _hold_little(connection: Any, record: Any) -> None:  # noqa: ARG001
    connection.execute(_LITTLE).close()


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _begin(connection: Connection) -> None:
    if statement := connection.get_execution_options().get("begin", READING):
        connection.exec_driver_sql(statement)


def begin_eagerly(driver: Any, seconds: float) -> None:
    """Begin to write as soon as nobody else does, looking twice in a millisecond.

    Args:
        driver: The driver's connection.
        seconds: After which it is given up, as SQLite itself would.
    """
    deadline = time.monotonic() + seconds
    driver.execute("PRAGMA busy_timeout = 0").close()
    try:
        while True:
            try:
                driver.execute(WRITING)
            except errors() as error:
                if not is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(_EAGER_PAUSE)
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}").close()
