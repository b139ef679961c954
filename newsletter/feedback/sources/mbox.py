"""An mbox: one file with all messages, which mail servers append to. It is never changed here.

How far it was read is remembered in the database. Where the file was written anew meanwhile, it is
read from its beginning: what was recorded before is known.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from newsletter.database.engine import Database
from newsletter.errors import FeedbackError
from newsletter.feedback.sources.base import LONGEST, Disposal, Letter
from newsletter.feedback.sources.memory import recall, remember

_TAIL = 1024
"""Bytes before the remembered place by which the file is known again."""
_AT_ONCE = 100
_BYTES_AT_ONCE = 32 * 1024 * 1024


class Mbox:
    """Reads what was appended since the last time.

    Args:
        path: The file.
        database: Remembers how far it was read; None to read all of it.
    """

    def __init__(self, path: Path, database: Database | None) -> None:
        self._path = path
        self._database = database
        self._name = f"mbox {hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]}"
        self._frozen = False  # a message must be brought again: nothing behind it is remembered

    def read(self) -> Iterator[Letter]:
        """The messages behind the place that is remembered."""
        self._frozen = False
        place = self._remembered()
        while True:
            letters, place = self._some(place)
            yield from letters
            if not letters:
                return

    def _some(self, start: int) -> tuple[list[Letter], int]:
        """A few messages, read while nobody may append; and where the next one begins."""
        letters: list[Letter] = []
        octets = 0
        with self._opened() as file:
            file.seek(start)
            for end, data in _messages(file, start):
                letters.append(Letter(str(end), data))
                octets += len(data)
                if len(letters) == _AT_ONCE or octets > _BYTES_AT_ONCE:
                    break
        return letters, int(letters[-1].place) if letters else start

    def _remembered(self) -> int:
        if self._database is None:
            return 0
        with self._database.reading() as connection:
            offset, _, mark = recall(connection, self._name).partition(" ")
        if not offset:
            return 0
        with self._opened() as file:
            return int(offset) if _mark(file, int(offset)) == mark else 0

    def settle(self, letters: Sequence[tuple[Letter, Disposal]]) -> None:
        """Remember how far the file was read."""
        end = None
        for letter, disposal in letters:
            self._frozen = self._frozen or disposal is Disposal.AGAIN
            if self._frozen:
                break
            end = int(letter.place)
        if end is None or self._database is None:
            return
        with self._opened() as file:
            mark = _mark(file, end)
        with self._database.writing() as connection:
            remember(connection, self._name, f"{end} {mark}")

    @contextlib.contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            with self._path.open("rb") as file:
                fcntl.lockf(file, fcntl.LOCK_SH)  # waits until nobody appends; ends with the file
                yield file
        except OSError as error:
            raise FeedbackError(
                f"cannot read {self._path}: {error.strerror}", "See that this user may read it."
            ) from error

    def wait(self, seconds: float) -> None:
        """Look again in two seconds."""
        time.sleep(min(seconds, 2))

    def close(self) -> None:
        """Nothing is open."""


def split(file: BinaryIO) -> Iterator[Letter]:
    """The messages of an mbox that is read once, or the only message if it is none."""
    for number, (_, data) in enumerate(_messages(file, 0), 1):
        yield Letter(str(number), data)


def _messages(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """Each message and where it ends: where a line ``From …`` stands behind an empty one."""
    data, end, empty = bytearray(), start, True
    for line in iter(lambda: file.readline(LONGEST), b""):
        if empty and line.startswith(b"From ") and data:
            yield end, bytes(data)
            data.clear()
        if len(data) < LONGEST:
            data += line
        end += len(line)
        empty = line in {b"\n", b"\r\n"}
    if data.strip():
        yield end, bytes(data)


def _mark(file: BinaryIO, offset: int) -> str:
    file.seek(max(0, offset - _TAIL))
    before = file.read(min(offset, _TAIL))
    return hashlib.sha256(before).hexdigest()[:32] if len(before) == min(offset, _TAIL) else ""
