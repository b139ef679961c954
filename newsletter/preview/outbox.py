"""The messages in a Maildir outbox: what would have been sent."""

from __future__ import annotations

import contextlib
import mailbox
import os
from dataclasses import dataclass
from pathlib import Path

from newsletter.preview.mail import Mail, open_mail

SHOWN = 200
"""How many messages are listed, newest first; an outbox can hold a whole mailing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: the message's key in the Maildir, and its headers."""

    key: str
    mail: Mail


class Outbox:
    """Reads a Maildir; a folder that is not there yet is an empty one.

    Args:
        folder: The Maildir.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keys(self) -> tuple[str, ...]:
        """Keys of all messages, newest first."""
        ages = self._ages()
        return tuple(sorted(ages, key=lambda key: (ages[key], key), reverse=True))

    def newest(self) -> list[Entry]:
        """The newest messages, newest first, without their bodies; at most ``SHOWN``."""
        maildir = self._maildir()
        if maildir is None:
            return []
        return [
            Entry(key, open_mail(data))
            for key in self.keys()[:SHOWN]
            if (data := _read(maildir, key, headers_only=True)) is not None
        ]

    def _ages(self) -> dict[str, int]:
        # By the clock of the files: our names tell nothing, not even an order.
        ages = {}
        for part in ("new", "cur"):
            with contextlib.suppress(OSError), os.scandir(self.folder / part) as files:
                for file in files:
                    if not file.name.startswith("."):
                        with contextlib.suppress(OSError):  # taken out a moment ago
                            ages[file.name.partition(":")[0]] = file.stat().st_mtime_ns
        return ages

    def open(self, key: str) -> Mail | None:
        """One message, or None if there is none of that key."""
        maildir = self._maildir()
        data = None if maildir is None else _read(maildir, key)
        return None if data is None else open_mail(data)

    def _maildir(self) -> mailbox.Maildir | None:
        if not all((self.folder / part).is_dir() for part in ("new", "cur")):
            return None
        return mailbox.Maildir(self.folder, factory=None, create=False)


def _read(maildir: mailbox.Maildir, key: str, *, headers_only: bool = False) -> bytes | None:
    # The Maildir knows its messages by key; a key that it does not know never becomes a path.
    try:
        with maildir.get_file(key) as file:
            if not headers_only:
                return bytes(file.read())
            head = bytearray()
            while line := file.readline().rstrip(b"\r\n"):
                head += line + b"\n"
            return bytes(head)
    except (KeyError, OSError):  # not there, or taken out a moment ago
        return None
