"""Points in time in an imported list."""

from __future__ import annotations

import datetime

from newsletter.audience.text import clean, quoted
from newsletter.errors import AudienceError


def parse_moment(text: str) -> datetime.datetime | None:
    """A date or a date with a time, as ISO 8601 writes them; without a zone it is UTC.

    Returns:
        The time; None if there is nothing in the cell.

    Raises:
        AudienceError: It is none.
    """
    text = clean(text, "time")
    if not text:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=datetime.UTC)
        return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise AudienceError(
            f"{quoted(text)} is not a time", "Write one like 2026-05-31 or 2026-05-31T18:30Z."
        ) from None
