"""What somebody typed into the search, as a query that SQLite's FTS5 can take for nothing else."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 100
MOST_WORDS = 20
_BEGINNING = 3  # letters from which on a word also finds longer ones: "ferry" finds "ferryman"

BREAK = "\u200b"
"""Put between the characters of scripts that have no spaces: a zero-width space."""

# Thai, Lao, Burmese, Khmer; Japanese and Chinese. Korean has spaces between words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_SINGLE = re.compile(f"(?<=[{_UNSPACED}])|(?=[{_UNSPACED}])")
# Vowel signs of Arabic and Hebrew, and the stroke that draws an Arabic word out: seldom written.
_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)


def spread(text: str) -> str:
    """A text as it is indexed: one form for each letter, unspaced scripts cut into characters."""
    return _SINGLE.sub(BREAK, _POINTS.sub("", unicodedata.normalize("NFKC", text)))


def words(typed: str) -> tuple[str, ...]:
    """The words of a question, at most twenty of its first hundred characters.

    Args:
        typed: Whatever arrived; nothing in it means anything but its letters and digits.
    """
    text = _POINTS.sub("", unicodedata.normalize("NFKC", typed[:MOST_CHARACTERS]))
    letters = (character if _is_letter(character) else " " for character in text)
    found = dict.fromkeys("".join(letters).split())
    return tuple(found)[:MOST_WORDS]


def match_expression(asked: tuple[str, ...]) -> str:
    """All of these words, each in quotes, so that none is an operator of FTS5.

    Args:
        asked: From ``words``; at least one.
    """
    return " AND ".join(_quoted(word) for word in asked)


def _is_letter(character: str) -> bool:
    """Whether the index takes it for a part of a word: letters, their marks, numbers."""
    return unicodedata.category(character)[0] in "LMN"


def _quoted(word: str) -> str:
    spaced = " ".join(part for part in spread(word).split(BREAK) if part)
    ending = "*" if len(word) >= _BEGINNING and " " not in spaced else ""
    return f'"{spaced}"{ending}'
