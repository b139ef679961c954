"""Cutting a line where there is no more room, between what people see as characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def cut(text: str, room: int) -> str:
    """A text, cut where a mail program has no more room, with an ellipsis behind it.

    What people see as one character is never cut in two, nor left out for its accents; a wide one
    (Chinese, Japanese, Korean, emoji) takes the room of two. Directional marks that the cut would
    leave open are closed. White space and invisible characters at the end are dropped, and where
    there is nothing but these before the cut, as in a padded preheader, there is no ellipsis.

    Args:
        text: One line.
        room: Characters.
    """
    taken, used = 0, 0
    for grapheme in graphemes(text):
        used += _width(grapheme)
        if used > room:
            break
        taken += len(grapheme)
    kept = text[:taken]
    trimmed = _trimmed(kept)
    if taken == len(text) or len(kept) - len(trimmed) > 2:
        return trimmed + _closing(trimmed)
    return trimmed + _closing(trimmed) + "…"


def graphemes(text: str) -> Iterator[str]:
    """What people see as one character each (UAX #29), as far as news copy goes.

    Letters with their accents, emoji with skin colours, families, flags, keycaps, Korean syllables
    in parts.
    """
    start = 0
    for index in range(1, len(text)):
        if not _is_joined(text, start, index):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


_JOINER, _NON_JOINER = "\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_JAMO = range(0x1160, 0x1200)  # vowels and final consonants, which follow a leading one


def _is_joined(text: str, start: int, index: int) -> bool:
    """Whether a character belongs to the one before it."""
    character, before = text[index], text[index - 1]
    code = ord(character)
    if character in (_JOINER, _NON_JOINER) or unicodedata.category(character) in ("Mn", "Me", "Mc"):
        return True
    if code in _SKIN or code in _TAGS or (character == "\n" and before == "\r"):
        return True
    if before == _JOINER:  # joins pictures; between letters (Persian, Hindi) it only shapes them
        return unicodedata.category(character) == "So" and index - start > 1
    if code in _FLAGS:
        return index - start == 1 and ord(before) in _FLAGS
    return code in _JAMO and "\u1100" <= before <= "\u11ff"


def _width(grapheme: str) -> int:
    first = grapheme[0]
    if unicodedata.category(first) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    is_wide = unicodedata.east_asian_width(first) in ("W", "F") or "\ufe0f" in grapheme
    return 2 if is_wide or ord(first) in _FLAGS else 1


def _trimmed(text: str) -> str:
    end = len(text)
    while end and _is_blank(text, end - 1):
        end -= 1
    return text[:end]


_PADDING = frozenset({"\N{COMBINING GRAPHEME JOINER}", "\N{HANGUL FILLER}", "\u2800"})
_DIRECTED = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _is_blank(text: str, index: int) -> bool:
    character = text[index]
    if character in _DIRECTED or ord(character) in _TAGS:
        return False
    if character in _PADDING or character.isspace():
        return True
    return unicodedata.category(character) == "Cf"


def _closing(text: str) -> str:
    """What ends the directional runs that a text leaves open (UAX #9)."""
    still_open: list[str] = []
    for character in text:
        if character in "\u2066\u2067\u2068":
            still_open.append("\u2069")
        elif character in "\u202a\u202b\u202d\u202e":
            still_open.append("\u202c")
        elif still_open and character == still_open[-1]:
            still_open.pop()
    return "".join(reversed(still_open))
