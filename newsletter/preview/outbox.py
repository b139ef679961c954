"""The messages in a Maildir outbox: what would have been sent."""

from __future__ import annotations

import heapq
import mailbox
import re
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
        maildir = self._maildir()
        return () if maildir is None else tuple(sorted(maildir.keys(), key=_age, reverse=True))

    def newest(self) -> list[Entry]:
        """The newest messages, newest first, without their bodies; at most ``SHOWN``."""
        maildir = self._maildir()
        if maildir is None:
            return []
        return [
            Entry(key, open_mail(data))
            for key in heapq.nlargest(SHOWN, maildir.keys(), key=_age)
            if (data := _read(maildir, key, headers_only=True)) is not None
        ]

    def open(self, key: str) -> Mail | None:
        """One message, or None if there is none of that key."""
        maildir = self._maildir()
        data = None if maildir is None else _read(maildir, key)
        return None if data is None else open_mail(data)

    def _maildir(self) -> mailbox.Maildir | None:
        if not all((self.folder / part).is_dir() for part in ("new", "cur")):
            return None
        return mailbox.Maildir(self.folder, factory=None, create=False)


def _age(key: str) -> tuple[int, int, str]:
    # Maildir names start with the second, then often M and the microsecond, of delivery.
    match = re.match(r"(\d+)(?:\.M(\d+))?", key)
    return (int(match[1]), int(match[2] or 0), key) if match else (0, 0, key)


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
