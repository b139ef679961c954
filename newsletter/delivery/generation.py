"""Noticing that an old copy of the database was put back, before anybody gets a letter twice.

Each sending run leaves a mark, a random word, in the database and in a file beside it. The database
keeps all of them and the file only the last one. A database that does not know the word in the file
is older than the last run from this machine: what that run has sent is not in it.
"""

from __future__ import annotations

import datetime
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import exists, insert, select

from newsletter.database.engine import Database
from newsletter.database.tables import marks
from newsletter.errors import SendRefusedError
from newsletter.files import write_atomically

FILE_NAME = "ledger-mark"
"""In the project's state folder; on each machine that sends it is a file of its own."""

ACCEPT = (
    "Put back a newer copy if you have one. To send all the same, add --accept-restore: whoever "
    "got a letter after the copy was made may get it again."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What one sending run has left.

    Attributes:
        token: A random word.
        at: When it was written, ISO 8601 in UTC; for people.
    """

    token: str
    at: str


def check(database: Database, folder: Path) -> None:
    """Pass if the database knows the last sending run from this machine.

    Args:
        database: The newsletter's database.
        folder: The project's state folder.

    Raises:
        SendRefusedError: It does not: an old copy was put back, or it is another database; or the
            mark cannot be read.
    """
    mark = _read(folder / FILE_NAME)
    if mark is None:
        return
    with database.reading() as connection:
        if connection.scalar(select(exists().where(marks.c.token == mark.token))):
            return
    raise SendRefusedError(
        f"database {database.name}: it does not know of the sending that was written down on "
        f"{_local(mark.at)}; perhaps an older copy was put back, or it is another database",
        ACCEPT,
    )


def advance(database: Database, folder: Path, now: datetime.datetime) -> None:
    """Leave a new mark, in the database first.

    If the program dies between the two, the file has an older mark, which the database knows.

    Args:
        database: The newsletter's database.
        folder: The project's state folder.
        now: The time.

    Raises:
        DatabaseError: It cannot be written.
        NewsletterError: The file cannot be written.
    """
    mark = _new_mark(now)
    with database.writing() as connection:
        connection.execute(insert(marks).values(token=mark.token, created_at=now))
    _write(mark, folder)


def distrust(folder: Path, now: datetime.datetime) -> None:
    """Have the next send refused if nothing here tells whether the database is an old copy.

    For a copy that is put back on a machine that has not sent yet: what was sent elsewhere after
    the copy was made, it cannot know. Where a mark is left already, that one decides.

    Args:
        folder: The project's state folder.
        now: The time.

    Raises:
        NewsletterError: The file cannot be written.
    """
    if not (folder / FILE_NAME).exists():
        _write(_new_mark(now), folder)


def check_and_advance(
    database: Database, folder: Path, now: datetime.datetime, *, accept: bool = False
) -> None:
    """What a sending run does before anybody gets anything.

    Call ``advance`` again when the run has ended, however it ended: a copy that was made in the
    middle of it does not know that mark.

    Args:
        database: The newsletter's database.
        folder: The project's state folder.
        now: The time.
        accept: Somebody knows that the database is old, and wants to send all the same.

    Raises:
        SendRefusedError: See ``check``.
        DatabaseError: The mark cannot be written.
        NewsletterError: The file cannot be written.
    """
    if not accept:
        check(database, folder)
    advance(database, folder, now)


def _new_mark(now: datetime.datetime) -> Mark:
    at = now.astimezone(datetime.UTC).isoformat(timespec="seconds")
    return Mark(secrets.token_hex(16), at)


def _write(mark: Mark, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = json.dumps({"token": mark.token, "at": mark.at})
    write_atomically(folder / FILE_NAME, content + "\n", mode=0o600)


def _read(path: Path) -> Mark | None:
    """The mark in the file; None if there is no file."""
    try:
        found = json.loads(path.read_bytes())
        return Mark(str(found["token"]), str(found["at"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SendRefusedError(
            f"{path} cannot be read, so nobody can tell whether the database is an older copy",
            "If no copy was put back, send with --accept-restore; the file is written anew.",
        ) from error


def _local(at: str) -> str:
    try:
        return f"{datetime.datetime.fromisoformat(at).astimezone():%Y-%m-%d at %H:%M}"
    except ValueError:
        return at
