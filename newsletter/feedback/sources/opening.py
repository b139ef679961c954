"""From the words of a person to the place that mail is read from."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from newsletter.database.engine import Database
from newsletter.errors import FeedbackError, NotFoundError
from newsletter.feedback.options import FeedbackOptions
from newsletter.feedback.sources.base import Disposal, Letter, Source
from newsletter.feedback.sources.maildir import Maildir
from newsletter.feedback.sources.mbox import Mbox, split

STANDARD_INPUT = "-"


class Stream:
    """Messages that are read once: an mbox, or one message, with nothing to put away.

    Args:
        file: What they are read from.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self) -> Iterator[Letter]:
        """All of them."""
        return split(self._file)

    def settle(self, letters: Sequence[tuple[Letter, Disposal]]) -> None:
        """Nothing is to be done."""

    def wait(self, seconds: float) -> None:
        """Nothing more comes."""

    def close(self) -> None:
        """It is not ours to close."""


def open_source(place: str, database: Database, options: FeedbackOptions, root: Path) -> Source:
    """The place.

    Args:
        place: ``imaps://user@host/folder``, the path of a Maildir, an mbox or one message, or
            ``-`` for standard input.
        database: Remembers how far places were read.
        options: The table ``[feedback]``.
        root: Folder that the password's file is looked for from.

    Raises:
        NotFoundError: There is no such file.
        FeedbackError: It is none of these.
        ConfigurationError: The password's file cannot be read.
    """
    if place == STANDARD_INPUT:
        return Stream(sys.stdin.buffer)
    if "://" in place:
        from newsletter.feedback.sources.imap import ImapMailbox
        from newsletter.feedback.sources.imap_address import ImapAddress

        password = options.secret("mailbox_password", root)
        if not password:
            raise FeedbackError(
                "there is no password for the mailbox",
                "Set NEWSLETTER_FEEDBACK_MAILBOX_PASSWORD, or name a file in "
                "feedback.mailbox_password_file.",
            )
        address = ImapAddress.parse(place)
        return ImapMailbox(address, password, database, options.processed_folder)
    path = Path(place)
    if path.is_dir():
        if (path / "new").is_dir() or (path / "cur").is_dir():
            return Maildir(path)
        raise FeedbackError(f"{path} is a folder, but not a Maildir", "Name the files in it.")
    if not path.exists():
        raise NotFoundError(f"{path} does not exist")
    return Mbox(path, database)
