"""Characters that nobody sees, by the names that editors may have heard."""

from __future__ import annotations

import unicodedata

_NAMES = {
    "\t": "tab",
    "\u00a0": "non-breaking space",
    "\u00ad": "soft hyphen",
    "\u034f": "combining joiner",
    "\u061c": "direction mark",
    "\u115f": "Hangul filler",
    "\u1160": "Hangul filler",
    "\u180e": "Mongolian vowel separator",
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u200e": "direction mark",
    "\u200f": "direction mark",
    "\u2007": "figure space",
    "\u202f": "narrow non-breaking space",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
    "\u2060": "word joiner",
    "\u2800": "empty Braille pattern",
    "\u3000": "wide space",
    "\u3164": "Hangul filler",
    "\ufeff": "byte order mark",
    "\ufffc": "place holder of an object",
    "\ufffd": "replacement character",
}


def told(character: str) -> str:
    """A character as a finding names it: ``zero-width space (U+200B)``."""
    return f"{_name(character)} (U+{ord(character):04X})"


def _name(character: str) -> str:
    if character in _NAMES:
        return _NAMES[character]
    code = ord(character)
    if 0xE0000 <= code <= 0xE007F:
        return "tag"
    if 0xFE00 <= code <= 0xFE0F:
        return "variation selector"
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return "direction control"
    if unicodedata.category(character) == "Co":
        return "character of a private font"
    if unicodedata.category(character) == "Cc":
        return "control character"
    if unicodedata.category(character) == "Zs":
        return "wide space" if code < 0x2004 else "narrow space"
    return "character without a meaning"
