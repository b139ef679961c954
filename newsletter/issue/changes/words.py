"""Text as words: where one ends, how many there are, how alike two texts are.

A sign of punctuation is a word of its own, so that a quotation mark that turned can be shown.
Spaces do not count, nor does whatever cannot be seen (Unicode category Cf, but for the two joiners
that Persian and Indic scripts spell with), nor whether an accent is a character of its own (NFC):
macOS stores "й" as two, and nobody changed anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_JOINERS = "\u200c\u200d"
_MARK = "\ue000"  # stands for each combining mark, which Python's \w does not know
_LETTER = rf"(?:[^\W_]{_MARK}*)"
_TOKEN = re.compile(
    rf"""https?://[^\s<>]+
    | \{{\{{[^{{}}\n]*\}}\}}                     # a merge field
    | [\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]  # Japanese and Chinese put no spaces
    | \d+(?:[.,:]\d+)+
    | {_LETTER}+(?:['’ʼ‐‑-]{_LETTER}+)*
    | \S{_MARK}*""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign, and whether there is a space before it."""

    text: str
    is_spaced: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it has a letter or a digit."""
        return any(character.isalnum() for character in self.text)


def tokens(text: str) -> tuple[Token, ...]:
    """The words and signs of a text, in order."""
    seen = _visible(text)
    shape = "".join(_MARK if _is_mark(character) else character for character in seen)
    return tuple(
        Token(
            seen[found.start() : found.end()],
            seen[max(0, found.start() - 1) : found.start()].isspace(),
        )
        for found in _TOKEN.finditer(shape)
    )


def joined(parts: Iterable[Token]) -> str:
    """The text of tokens; every run of spaces is one."""
    return "".join(f" {part.text}" if part.is_spaced else part.text for part in parts)


def count_words(text: str) -> int:
    """How many words a text has; punctuation is none."""
    return sum(token.is_word for token in tokens(text))


def bag(parts: Sequence[Token]) -> Counter[str]:
    """Each word with how often it occurs, whatever its case."""
    return Counter(part.text.casefold() for part in parts if part.is_word)


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """How much of two texts is the same words, from 0 to 1 (Dice's coefficient)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _visible(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) != "Cf" or character in _JOINERS
    )


def _is_mark(character: str) -> bool:
    return not character.isascii() and (
        character in _JOINERS or unicodedata.category(character)[0] == "M"
    )
