"""The files that evidence comes in, read piece by piece, however large they are."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from newsletter.delivery.reconcile.bounce import LONGEST
from newsletter.delivery.reconcile.log_line import LogLine
from newsletter.errors import NotFoundError, SendRefusedError

_LINE = 64 * 1024
"""Bytes of a line that are read; syslog's are shorter than 8 KB."""
_LOOK = 200
"""Lines in which a line of a log must be found."""
_HEADER = re.compile(rb"[!-9;-~]+:[ \t]")


@dataclass(frozen=True, slots=True)
class LogFile:
    """A system log.

    Attributes:
        path: The file, perhaps with gzip.
        first: When its first line was written.
    """

    path: Path
    first: datetime.datetime

    def lines(self) -> Iterator[bytes]:
        """Its lines; of very long ones the beginning."""
        with _open(self.path) as file:
            whole = True
            while line := file.readline(_LINE):
                if whole:
                    yield line
                whole = line.endswith(b"\n")


@dataclass(frozen=True, slots=True)
class Mails:
    """Messages, one a file.

    Attributes:
        path: A file, or a Maildir.
    """

    path: Path

    def messages(self) -> Iterator[bytes]:
        """The messages; of very long ones the beginning."""
        if not self.path.is_dir():
            files: Iterator[Path] = iter([self.path])
        else:
            folders = (self.path / "new", self.path / "cur")
            files = (file for folder in folders if folder.is_dir() for file in folder.iterdir())
        for file in files:
            if file.is_file():
                with _open(file) as opened:
                    yield opened.read(LONGEST)


def recognise(path: Path, now: datetime.datetime) -> LogFile | Mails:
    """What a file is, from its beginning.

    Args:
        path: A file or folder.
        now: The time, for lines without a year.

    Raises:
        NotFoundError: It is not there.
        SendRefusedError: It cannot be read, or is nothing that evidence comes in.
    """
    if not path.exists():
        raise NotFoundError(f"{path} does not exist")
    if path.is_dir():
        if (path / "cur").is_dir() or (path / "new").is_dir():
            return Mails(path)
        raise SendRefusedError(f"{path} is a folder, but not a Maildir", "Name the files in it.")
    if not path.is_file():  # it is read twice
        raise SendRefusedError(f"{path} is not a file", "Save what it gives in a file, name that.")
    head = []
    with _open(path) as file:
        for _ in range(_LOOK):
            line = file.readline(_LINE)
            if found := LogLine.parse(line.decode("utf-8", "replace"), now):
                return LogFile(path, found.at)
            head.append(line)
    if _HEADER.match(head[0]) or (head[0].startswith(b"From ") and _HEADER.match(head[1])):
        return Mails(path)
    raise SendRefusedError(
        f"{path} is neither a system log nor a message",
        "Name the mail log of the relay (Postfix), a bounce that was saved, or a Maildir.",
    )


@contextlib.contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == b"\x1f\x8b"
            if packed:
                with gzip.open(file) as unpacked:
                    yield cast("BinaryIO", unpacked)
            else:
                yield file
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or "it is damaged"
        raise SendRefusedError(f"cannot read {path}: {why}") from error
