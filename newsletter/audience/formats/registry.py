"""The formats that are known, and which of them a file has."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.audience.formats.buttondown import BUTTONDOWN
from newsletter.audience.formats.format import Format, fold
from newsletter.audience.formats.ghost import GHOST
from newsletter.audience.formats.listmonk import LISTMONK
from newsletter.audience.formats.mailchimp import MAILCHIMP
from newsletter.audience.formats.substack import SUBSTACK
from newsletter.errors import AudienceError

FORMATS = (MAILCHIMP, SUBSTACK, GHOST, BUTTONDOWN, LISTMONK)
"""Each is looked for in this order."""

PLAIN = "plain"
"""Name of what is nobody's format: columns mean what they say."""

NAMES = (PLAIN, *(format_.name for format_ in FORMATS))
"""What ``--format`` can be."""


def recognise(names: Sequence[str], wanted: str = "") -> Format | None:
    """Whose list a header row begins; None for nobody's in particular.

    Args:
        names: Cells of the header row.
        wanted: Name of the format, if it is known; empty to find out.

    Raises:
        AudienceError: There is no such format.
    """
    if wanted == PLAIN:
        return None
    if wanted:
        for format_ in FORMATS:
            if format_.name == wanted:
                return format_
        raise AudienceError(f"there is no format {wanted}", f"Write one of {', '.join(NAMES)}.")
    columns = frozenset(map(fold, names))
    return next((format_ for format_ in FORMATS if format_.fits(columns)), None)
