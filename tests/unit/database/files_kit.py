"""What tests of database files build on: keys, rows, raw bytes, programs that are killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import delete, func, insert, select

from newsletter.database.encryption import DatabaseKey
from newsletter.database.engine import Database
from newsletter.database.tables import facts

KEY = DatabaseKey.parse("3f" * 32)
OTHER = DatabaseKey.parse("a0" * 32)
PASSPHRASE = DatabaseKey.parse("correct horse battery staple")
CANARY = "canary-6b1f@example.com"


@contextlib.contextmanager
def opened(path: Path, key: DatabaseKey | None = None) -> Iterator[Database]:
    with contextlib.closing(Database.open(path, database_key=key)) as database:
        yield database


def put(database: Database, names: Iterable[str], value: str = CANARY) -> None:
    with database.writing() as connection:
        connection.execute(insert(facts), [{"name": name, "value": value} for name in names])


def drop(database: Database, name: str) -> None:
    with database.writing() as connection:
        connection.execute(delete(facts).where(facts.c.name == name))


def count(database: Database) -> int:
    """How many rows a test has put in."""
    with database.reading() as connection:
        query = select(func.count()).select_from(facts).where(facts.c.name != "keys")
        return connection.scalar(query) or 0


def make(path: Path, rows: int, key: DatabaseKey | None = None) -> None:
    with opened(path, key) as database:
        put(database, (f"row {number}" for number in range(rows)))


def traces(folder: Path, text: str = CANARY) -> dict[str, int]:
    """How often a text stands in the raw bytes of the files in a folder, if it does."""
    found = {
        str(file.relative_to(folder)): file.read_bytes().count(text.encode())
        for file in folder.rglob("*")
        if file.is_file()
    }
    return {name: times for name, times in found.items() if times}


@contextlib.contextmanager
def program(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another program, which has said its first line; killed at the end."""
    running = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline(), "it does not begin"
        yield running
    finally:
        kill(running)


def kill(running: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGKILL)
    running.communicate()


def kill_when_there(code: str, file: Path, *arguments: str, after: float) -> bool:
    """Run a program and kill it some seconds after a file is there; whether it had ended."""
    running = subprocess.Popen([sys.executable, "-c", code, *arguments], text=True)
    deadline = time.monotonic() + 60
    while not file.exists() and running.poll() is None:
        assert time.monotonic() < deadline, "it does not begin"
        time.sleep(0.0005)
    time.sleep(after)
    ended = running.poll() is not None
    kill(running)
    return ended
