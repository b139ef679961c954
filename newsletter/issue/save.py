"""Saving an issue file that somebody else may have open, too."""

from __future__ import annotations

from pathlib import Path

from newsletter.errors import NewsletterError, SavedMeanwhileError
from newsletter.files import write_atomically


def save(path: Path, before: bytes, after: bytes, *, name: str, hint: str) -> None:
    """Write a file whole or not at all, if it still is what was changed.

    What a link leads to is written, not the link replaced; permissions stay.

    Args:
        path: The file.
        before: Its bytes as they were read.
        after: Its bytes to be.
        name: The file as a message shows it.
        hint: What to do if it was saved meanwhile.

    Raises:
        SavedMeanwhileError: The file is another one now, or gone.
        NewsletterError: The file cannot be written, or is marked as read-only.
    """
    path = path.resolve()
    try:
        mode = path.stat().st_mode & 0o777
        is_same = path.read_bytes() == before
    except OSError:
        raise SavedMeanwhileError(f"{name} cannot be read any more", hint) from None
    if not is_same:
        raise SavedMeanwhileError(f"{name} was saved meanwhile: it is as it was saved", hint)
    if not mode & 0o222:  # a rename would not mind
        raise NewsletterError(
            f"{name} is read-only", "Allow writing in its permissions, then try again."
        )
    write_atomically(path, after, mode=mode)
