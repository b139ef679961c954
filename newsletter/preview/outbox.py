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

_SEARCHED = 5000  # newest messages that are looked through


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

    @property
    def stamp(self) -> str:
        """Changes when messages come or go; cheap, however many there are."""
        stamps = []
        for part in ("new", "cur"):
            with contextlib.suppress(OSError):
                stamps.append(str((self.folder / part).stat().st_mtime_ns))
        return "-".join(stamps)

    def count(self) -> int:
        """How many messages there are."""
        return len(self._ages())

    def newest(self, search: str = "") -> list[Entry]:
        """The newest messages, newest first, without their bodies; at most ``SHOWN``.

        Args:
            search: Letters of the reader's address or the subject; empty for all.
        """
        maildir = self._maildir()
        if maildir is None:
            return []
        ages, wanted = self._ages(), search.casefold()
        keys = sorted(ages, key=lambda key: (ages[key], key), reverse=True)
        found: list[Entry] = []
        for key in keys[: _SEARCHED if wanted else SHOWN]:
            data = _read(maildir, key, headers_only=True)
            if data is None:
                continue
            mail = open_mail(data)
            if wanted in f"{mail.to} {mail.subject}".casefold():
                found.append(Entry(key, mail))
            if len(found) == SHOWN:
                break
        return found

    def open(self, key: str) -> Mail | None:
        """One message, or None if there is none of that key."""
        maildir = self._maildir() if key in self._ages() else None
        data = None if maildir is None else _read(maildir, key)
        return None if data is None else open_mail(data)

    def _ages(self) -> dict[str, int]:
        # By the clock of the files: our names tell nothing, not even an order. What a link brings
        # in from elsewhere is no message.
        ages = {}
        for part in ("new", "cur"):
            folder = self.folder / part
            if folder.is_symlink():
                continue
            with contextlib.suppress(OSError), os.scandir(folder) as files:
                for file in files:
                    if not file.name.startswith(".") and file.is_file(follow_symlinks=False):
                        with contextlib.suppress(OSError):  # taken out a moment ago
                            ages[file.name.partition(":")[0]] = file.stat().st_mtime_ns
        return ages

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
