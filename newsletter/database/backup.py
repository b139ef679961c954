"""A copy of the database that is consistent, verified, and put back without losing anything."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.database import sqlite, sqlite_problems
from newsletter.database.archive import DATABASE, KEYS, Manifest, digest, opened, write
from newsletter.database.encryption import DatabaseKey, check_file
from newsletter.database.exchange import (
    held,
    new_file,
    remove,
    swap,
    swap_unreadable,
    sync_folder,
)
from newsletter.database.inspection import Inspection, inspect_file
from newsletter.database.keys import Keys
from newsletter.database.problems import in_plain_words
from newsletter.database.schema import HEAD
from newsletter.errors import DatabaseError, NotFoundError
from newsletter.files import write_atomically

_WAIT_SECONDS = 120.0
"""How long to wait for a program that has the whole database locked."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A database that was put back.

    Attributes:
        manifest: What was in the backup.
        kept: Where the database is now that was there before; None if there was none.
        kept_keys: The same for the keys; None if they were not put back, or there were none.
        keys: Whether the keys were put back, too.
    """

    manifest: Manifest
    kept: Path | None
    kept_keys: Path | None
    keys: bool


def back_up(
    path: Path,
    key: DatabaseKey | None,
    target: Path,
    now: datetime.datetime,
    *,
    keys_file: Path | None = None,
) -> Manifest:
    """Copy a database as it is at one moment, while others go on writing, and check the copy.

    An encrypted database gives an encrypted copy under the same key. Removed rows are not in it.
    Killed at any moment, there is a whole backup or none.

    Args:
        path: The database.
        key: Of an encrypted one.
        target: The new file; its folder exists.
        now: The time.
        keys_file: The newsletter's keys, to have them in it, too.

    Raises:
        NotFoundError: There is no database, or no file of keys.
        DatabaseError: It cannot be read, is damaged, or the backup cannot be written.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no database {path}", "There is nothing to back up yet.")
    if keys_file is not None and not keys_file.is_file():
        raise NotFoundError(f"there are no keys in {keys_file}", "Name their file in keys_file.")
    with _alone(path) as copy, in_plain_words(str(path), also=OSError):
        check_file(path, key)
        connection = sqlite.connect(path, key, _WAIT_SECONDS)
        try:
            new_file(copy).close()  # for its owner only
            # Reads one state from begin to end and writes it anew: unlike a copy of the pages, it
            # has nothing in it of what was removed.
            connection.execute("VACUUM INTO ?", (str(copy),)).close()
        finally:
            connection.close()
        found = inspect_file(copy, key, f"{path}, the copy of it")
        members = {DATABASE: copy}
        if keys_file is not None:
            members[KEYS] = keys_file
        manifest = Manifest(
            made_at=now.astimezone(datetime.UTC),
            schema=found.schema,
            encrypted=key is not None,
            rows=found.rows,
            sizes={name: file.stat().st_size for name, file in members.items()},
            digests={name: digest(file) for name, file in members.items()},
        )
        try:
            write(target, manifest, members)
        except FileExistsError as error:
            raise DatabaseError(
                f"{target} exists", "A backup is never written over: choose another name."
            ) from error
        except OSError as error:
            raise DatabaseError(
                f"cannot write {target}: {error.strerror or error}",
                "Check the free space and the permissions of that folder.",
            ) from error
    return manifest


def restore(
    archive: Path,
    path: Path,
    key: DatabaseKey | None,
    now: datetime.datetime,
    *,
    keys_file: Path | None = None,
) -> Restored:
    """Put a backup into the place of the database, after all of it has been checked.

    What was there before is kept beside it under a dated name. Killed at any moment, there is the
    old database or the new one.

    Args:
        archive: The backup.
        path: The database; no other program has it open.
        key: Of an encrypted one: the key of the backup.
        now: The time.
        keys_file: Where to put the keys; None to leave them in the backup.

    Raises:
        NotFoundError: There is no such backup.
        DatabaseError: It is damaged, of a newer version, or encrypted with another key; or another
            program has the database open, or it cannot be written. Nothing was changed then.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path) as fresh, in_plain_words(str(path), also=OSError):
        stamp = _free_stamp(now, [path] if keys_file is None else [path, keys_file])
        fresh_keys = fresh.with_name(f"{fresh.name}.keys")
        fresh_keys.unlink(missing_ok=True)
        try:
            with opened(archive) as backup:
                manifest = backup.manifest
                with_keys = manifest.has_keys and keys_file is not None
                backup.copy(DATABASE, fresh)
                if with_keys:
                    backup.copy(KEYS, fresh_keys)
                    Keys.load(fresh_keys)  # raises if they are none
            _check(fresh, key, manifest, archive)
            kept = _put_in_place(path, fresh, key, path.with_name(f"{path.name}.{stamp}"))
            if with_keys and keys_file is not None:
                kept_keys = _put_keys(keys_file, fresh_keys, stamp)
            else:
                kept_keys = None
        finally:
            fresh_keys.unlink(missing_ok=True)
    return Restored(manifest, kept, kept_keys, with_keys)


def _check(fresh: Path, key: DatabaseKey | None, manifest: Manifest, archive: Path) -> None:
    """See that a copy is what its manifest says, and that this program can work with it."""
    if manifest.schema > HEAD:
        raise DatabaseError(
            f"{archive}: a newer version of newsletter made it "
            f"(schema {manifest.schema}; this one knows {HEAD})",
            "Bring newsletter up to date and run it again; nothing was changed.",
        )
    if manifest.encrypted and key is None:
        raise DatabaseError(
            f"{archive}: it is encrypted, and there is no key for it",
            "Set NEWSLETTER_DATABASE_KEY to the key that the database had then.",
        )
    if key is not None and not manifest.encrypted:
        raise DatabaseError(
            f"{archive}: it is not encrypted, but there is a key for the database",
            "Take the key out of the settings, restore, put it back, then run: newsletter "
            "database encrypt",
        )
    found = inspect_file(fresh, key, str(archive))
    if found != Inspection(manifest.schema, dict(manifest.rows)):
        raise DatabaseError(
            f"{archive}: what is in it is not what it says", "Take another; nothing was changed."
        )


def _free_stamp(now: datetime.datetime, files: Sequence[Path]) -> str:
    """The time, as the end of names that nothing has yet: a second may see several."""
    second = f"{now.astimezone(datetime.UTC):%Y-%m-%dT%H%M%SZ}"
    stamps = itertools.chain([second], (f"{second}-{number}" for number in itertools.count(2)))
    return next(
        stamp
        for stamp in stamps
        if not any(os.path.lexists(file.with_name(f"{file.name}.{stamp}")) for file in files)
    )


def _put_in_place(path: Path, fresh: Path, key: DatabaseKey | None, kept: Path) -> Path | None:
    """Exchange the files; where the present one is kept, if there is one."""
    if not path.exists():
        fresh.replace(path)
        sync_folder(path.parent)
        return None
    if _fits(path, key):
        try:
            with held(path, key, driver_key=None):
                swap(path, fresh, kept)
        except sqlite_problems.errors() as error:
            if not sqlite_problems.is_unreadable(error):
                raise
        else:
            return kept
    # It is damaged or has another key: perhaps the reason why somebody restores.
    swap_unreadable(path, fresh, kept)
    return kept


def _fits(path: Path, key: DatabaseKey | None) -> bool:
    try:
        check_file(path, key)
    except DatabaseError:
        return False
    return True


def _put_keys(file: Path, fresh: Path, stamp: str) -> Path | None:
    """Exchange the keys; where the present ones are kept, if there are others."""
    text = fresh.read_bytes()
    present = file.read_bytes() if file.exists() else text
    kept = None
    if present != text:
        kept = file.with_name(f"{file.name}.{stamp}")
        write_atomically(kept, present, mode=0o600)
    write_atomically(file, text, mode=0o600)
    return kept


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[Path]:
    """A temporary file beside the database, for one program at a time; not made yet."""
    from filelock import FileLock, Timeout

    temporary = path.with_name(f".{path.name}.copy")
    lock = FileLock(path.with_name(f"{path.name}.copy.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise DatabaseError(
            f"database {path}: a backup or a restore is running", "Wait until it is done."
        ) from error
    try:
        remove(temporary)  # of an earlier attempt that was killed
        yield temporary
    finally:
        remove(temporary)
        lock.release()
