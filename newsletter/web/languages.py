"""Which language a page is shown in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_LONGEST = 200
"""Characters of ``Accept-Language`` that are looked at."""

_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?"
)


def choose(known: Collection[str], *wishes: str, accepted: str = "") -> str:
    """The first wish that is known, then what the browser prefers, then any of the known.

    Args:
        known: Languages that there are words in; the first is the last resort.
        wishes: BCP 47 tags, or empty ones, the most important first.
        accepted: ``Accept-Language`` (RFC 9110 §12.5.4), as it came.
    """
    for wish in (*wishes, *_by_preference(accepted[:_LONGEST])):
        if found := match(wish, known):
            return found
    return next(iter(known))


def match(wish: str, known: Collection[str]) -> str:
    """The known language that a tag means, by its beginning (RFC 4647 §3.4); empty if none."""
    tag = wish.lower()
    by_tag = {language.lower(): language for language in known}
    while tag:
        if tag in by_tag:
            return by_tag[tag]
        tag = tag.rpartition("-")[0]
    return ""


def _by_preference(accepted: str) -> Iterator[str]:
    weighed = []
    for place, part in enumerate(accepted.split(",")):
        if found := _RANGE.fullmatch(part.rstrip()):
            quality = float(found[2] or "1")
            if 0 < quality <= 1:
                weighed.append((-quality, place, found[1]))
    yield from (tag for _, _, tag in sorted(weighed))
