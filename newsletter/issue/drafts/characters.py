"""Characters that nobody typed on purpose: invisible ones, odd spaces, leftovers of old encodings.

Non-breaking spaces stay where typography wants them: between a number and what belongs to it
(``5 000``, ``12 km``, ``№ 7``) and inside French punctuation (``« mot »``, ``quoi ?``). Everywhere
else a word processor put them, and they become ordinary spaces.
"""

from __future__ import annotations

import re

# Zero-width space, word joiner, byte order mark, soft hyphen, Mongolian vowel separator, the
# bidirectional embeddings that word processors put around numbers, tags, fillers, non-characters.
# Joiners (U+200C, U+200D) and direction marks (U+200E, U+200F, U+2066 …) are spelling, and stay.
_INVISIBLE = re.compile(
    "[\u200b\u2060-\u2064\ufeff\u00ad\u180e\u202a-\u202e\ufff0-\ufffc\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_ODD_SPACE = re.compile("[\u2000-\u2006\u2008-\u200a\u205f\u3000\t]")
_NO_BREAK = "\u00a0\u202f\u2007"
_LOOSE_NO_BREAK = re.compile(
    f"(?<![\\d«№§$€£¥])[{_NO_BREAK}](?![\\d:;!?»%‰°€$£¥])"
    f"|^[{_NO_BREAK}]+|[{_NO_BREAK}]+$|[{_NO_BREAK}](?=[ \n])|(?<=[ \n])[{_NO_BREAK}]",
    re.MULTILINE,
)
_NOT_PRINTABLE = re.compile("[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U000ffffe\U000fffff]")


def clean(text: str) -> str:
    r"""A text without what only a machine sees; ``\n`` is the only control character left."""
    text = _BREAK.sub("\n", text)
    text = _CONTROL.sub(_from_1252, text)
    text = _NOT_PRINTABLE.sub("", _INVISIBLE.sub("", text))
    return _LOOSE_NO_BREAK.sub(" ", _ODD_SPACE.sub(" ", text))


def line(text: str) -> str:
    """A text on one line, cleaned, with single spaces."""
    return re.sub(r"[ \n]+", " ", clean(text)).strip()


def invisible(text: str) -> int:
    """How many characters that nobody sees a text has; a byte order mark at its start is none."""
    return len(_INVISIBLE.findall(text))


def _from_1252(match: re.Match[str]) -> str:
    """C1 controls are Windows-1252 that was taken for Latin-1: U+0092 is an apostrophe."""
    code = ord(match[0])
    if code < 0x80:
        return ""
    try:
        return bytes([code]).decode("cp1252")
    except UnicodeDecodeError:
        return ""
