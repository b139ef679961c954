"""SQLite: one file, readable by its owner only, durable, with one writer at a time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

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


def make_engine(path: Path, busy_seconds: float) -> Engine:
    """Connections to a file.

    Args:
        path: The file.
        busy_seconds: How long a transaction waits for another program's.
    """
    # isolation_level None: the driver must not begin transactions by itself, which it would do
    # only before the first INSERT, so that a SELECT and the INSERT after it could disagree.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"isolation_level": None, "timeout": busy_seconds},
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
    if statement := connection.get_execution_options().get("begin", READING):
        connection.exec_driver_sql(statement)
