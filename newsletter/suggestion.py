"""What somebody probably meant who wrote a name that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like another one; None if none is."""
    close = difflib.get_close_matches(name, list(known), 1)
    return close[0] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The question as a hint; empty if nothing is near."""
    close = nearest(name, known)
    return f'Did you mean "{close}"?' if close else ""
