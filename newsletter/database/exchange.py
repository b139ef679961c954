"""Putting one database file into the place of another, so that nobody loses what they wrote."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from newsletter.database import sqlite, sqlite_problems
from newsletter.database.encryption import DatabaseKey
from newsletter.errors import DatabaseError

WAIT_SECONDS = 2.0
"""How long other programs have to let go of the file."""

# SQLite's locks on a file (https://sqlite.org/lockingv3.html): every program that has it open in
# WAL mode holds a shared one on the range behind these two bytes.
_PENDING = 0x40000000
_SHARED = _PENDING + 2
_SHARED_SIZE = 510

_START = 4096
"""Bytes that are overwritten so that a file is no database any more: a page."""

_BESIDE = ("-wal", "-shm", "-journal")


@contextlib.contextmanager
def held(path: Path, key: DatabaseKey | None, *, driver_key: DatabaseKey | None) -> Iterator[Any]:
    """A connection that has the file for itself, and all of it in one file, until the end.

    Args:
        path: The database.
        key: Of an encrypted one.
        driver_key: Any key, if SQLCipher is wanted for a file that is not encrypted.

    Raises:
        DatabaseError: Another program has it open.
        Exception: The driver's: it cannot be read.
    """
    module = sqlite.driver(key or driver_key)
    connection = module.connect(str(path), isolation_level=None, timeout=WAIT_SECONDS)
    try:
        if key is not None:
            sqlite.unlock(connection, key)
        _take(connection, path)
        yield connection
    finally:
        connection.close()


def swap(path: Path, fresh: Path, kept: Path | None) -> None:
    """Put a new file into the place of one that is ``held``. Whoever waits for the old one fails.

    They opened it by its name, and would write into a file that has none any more; so it is
    overwritten before anybody gets to it.

    Args:
        path: The database; its log is folded into it.
        fresh: What takes its place, on the same file system and on stable storage.
        kept: Where a copy of the old one shall be; None to have its bytes gone, all of them.

    Raises:
        OSError: It cannot be done; then the old one is still in place.
    """
    # Closing any descriptor of a file lets go of all locks that this program has on it (POSIX):
    # there is only this one, and it stays open until the old file is of no use to anybody.
    with path.open("r+b") as old:
        size = os.fstat(old.fileno()).st_size
        if kept is not None:
            _copy(old, kept)
            size = min(size, _START)
        fresh.replace(path)
        sync_folder(path.parent)
        _wipe(old.fileno(), size)


def swap_unreadable(path: Path, fresh: Path, kept: Path) -> None:
    """The same for a file that SQLite cannot read: that and what is beside it are copied first.

    Raises:
        DatabaseError: Another program has it open.
        OSError: It cannot be done.
    """
    with path.open("r+b") as old:
        _refuse_if_open(old.fileno(), path)
        _copy(old, kept)
        for name in _BESIDE:
            beside = path.with_name(path.name + name)
            if beside.exists():
                with beside.open("rb") as file:
                    _copy(file, kept.with_name(kept.name + name))
                beside.unlink()
        fresh.replace(path)
        sync_folder(path.parent)


def new_file(path: Path) -> IO[bytes]:
    """A new file to write, readable by its owner only; nothing that exists is followed or opened.

    Raises:
        OSError: It exists, or cannot be made.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def sync(path: Path) -> None:
    """Bring a file to stable storage.

    Raises:
        OSError: The disk does not take it.
    """
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to stable storage, where the system knows how."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a database file and what SQLite may have left beside it."""
    for name in ("", *_BESIDE):
        path.with_name(path.name + name).unlink(missing_ok=True)


def _copy(source: IO[bytes], target: Path) -> None:
    source.seek(0)
    with new_file(target) as file:
        shutil.copyfileobj(source, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())


def _take(connection: Any, path: Path) -> None:
    try:
        # Folds the log into the file; refused as long as anybody else has it open.
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode == "delete":
            # The lock stays when the transaction ends, until the connection is closed.
            connection.execute("PRAGMA main.locking_mode = EXCLUSIVE").fetchall()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            return
    except sqlite_problems.errors() as error:
        if not sqlite_problems.is_busy(error):
            raise
    raise _in_use(path)


def _refuse_if_open(descriptor: int, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # not on Windows, where an open file cannot be replaced anyway
        return
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED)
    except OSError:
        raise _in_use(path) from None


def _in_use(path: Path) -> DatabaseError:
    return DatabaseError(
        f"database {path}: another program has it open",
        "Stop newsletter serve, preview, worker and send where they run, then run it again.",
    )


def _wipe(descriptor: int, size: int) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    zeros = bytes(1 << 20)
    while size > 0:
        size -= os.write(descriptor, zeros[:size])
    os.fsync(descriptor)
