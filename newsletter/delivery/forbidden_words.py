"""Words that must not be seen, found however they are written."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from anyascii import anyascii

_BETWEEN = r"[\W_]{0,3}"  # "harbour-letter", "harbour_letter", "harbour . letter", "harbourletter"
_ALONE = 4  # a shorter word would be found inside half of all others


def fold(text: str) -> str:
    """Text as it is compared: without case, accents, and characters that show nothing."""
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in flat if unicodedata.category(c) not in {"Mn", "Me", "Cf"})


def found(words: Sequence[str], text: str) -> Iterator[str]:
    """Which of the words stand in a text.

    A word in other letters is looked for in plain ones, too ("Гавань" in ``gavan.example.org``), as
    far as letter by letter goes; other spellings have to be listed.

    Args:
        words: Words or names, of any length.
        text: Anything, decoded.
    """
    folded = fold(text)
    for word in words:
        if any(pattern.search(folded) for pattern in _patterns(word)):
            yield word


@functools.lru_cache(maxsize=256)
def _patterns(word: str) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for spelling in dict.fromkeys((fold(word), fold(anyascii(word)))):
        parts = re.findall(r"[^\W_]+", spelling)
        if not parts:
            continue
        pattern = _BETWEEN.join(re.escape(part) for part in parts)
        if sum(map(len, parts)) < _ALONE:
            pattern = rf"(?<![^\W_]){pattern}(?![^\W_])"
        patterns.append(re.compile(pattern))
    return tuple(patterns)
