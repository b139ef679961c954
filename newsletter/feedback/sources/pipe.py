"""One message on standard input, as a mail server hands it to ``newsletter feedback --pipe``.

It must never be lost, and never be sent back: it may be a bounce itself.
"""

from __future__ import annotations

import mailbox
from pathlib import Path

from newsletter.errors import FeedbackError
from newsletter.feedback.record import Fate
from newsletter.feedback.run import Reader

DONE = 0
TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the message, and tries again later."""


def take(message: bytes, reader: Reader, other_mail: Path) -> int:
    """Record a message; a letter for people is kept in a Maildir.

    Args:
        message: All of it.
        reader: Records it.
        other_mail: The Maildir; made if it is not there.

    Returns:
        The exit code for the mail server.

    Raises:
        FeedbackError: The letter cannot be kept.
        DatabaseError: It cannot be recorded.
    """
    (outcome,) = reader.record([message])
    if outcome is not None and outcome.fate is Fate.IN_HAND:
        return TRY_AGAIN
    if outcome is None or not outcome.ours:
        _keep(message, other_mail)
    return DONE


def _keep(message: bytes, folder: Path) -> None:
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # It writes to tmp, waits until the bytes are on the disk, and renames.
        mailbox.Maildir(folder, factory=None, create=True).add(message)
    except OSError as error:
        raise FeedbackError(
            f"cannot keep a letter in {folder}: {error.strerror}",
            "See that this user may write there; the mail server tries again.",
        ) from error
