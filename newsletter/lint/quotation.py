"""Quotation marks: which of them open, which close, and which lack their partner."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from newsletter.lint.plain import plain, primary

MARKS = '"“”„‟«»「」『』'
"""Double marks, and the corner brackets of East Asia; single ones are apostrophes too often."""

STRAIGHT = '"'

_DEPTH = 4  # of quotations in quotations that anybody writes
_FOUND = re.compile(rf"[{MARKS}]")
_OPENING_BRACKETS = frozenset("([{¿¡‘‚‹'/—–-…")
_CLOSING = frozenset(".,;:!?…)]}’‘›'/—–-。、！？،؛؟*")
# Pairs that some language sets; any other pair is a slip of the finger or of a program.
_PAIRS = frozenset({"“”", "„“", "„”", "„‟", "«»", '""', "「」", "『』"})
_REVERSED = frozenset({"»«"})
_REVERSED_LANGUAGES = frozenset({"da", "de", "sl", "hr", "sr", "bs", "cs", "sk", "hu", "pl"})
_SAME = frozenset({"””", "»»"})
_SAME_LANGUAGES = frozenset({"fi", "he", "sv", "nl", "af", "yi"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A quotation.

    Attributes:
        start: Where its opening mark stands in the text.
        end: Where its closing mark stands.
        style: Both marks: ``“”``.
        depth: 0 for a quotation that stands in no other.
    """

    start: int
    end: int
    style: str
    depth: int


@dataclass(frozen=True, slots=True)
class Quotation:
    """The quotation marks of a passage.

    Attributes:
        pairs: Quotations by their closing marks.
        unclosed: Opening marks without partner, from left to right.
        unopened: Closing marks without partner, from left to right.
    """

    pairs: tuple[Pair, ...] = ()
    unclosed: tuple[int, ...] = ()
    unopened: tuple[int, ...] = ()

    def holds(self, at: int) -> bool:
        """Whether a place is inside a quotation, also in one that is not closed."""
        return any(pair.start <= at <= pair.end for pair in self.pairs) or any(
            start <= at for start in self.unclosed
        )


NONE = Quotation()


def quotation(text: str, language: str) -> Quotation:
    """The quotation marks of a passage.

    Inches (``6"``), Hebrew gershayim (``צה"ל``) and marks in code or addresses are none.

    Args:
        text: Its text.
        language: BCP 47 tag; decides what ``»`` and ``”`` are where their place does not.
    """
    if not _FOUND.search(text):
        return NONE
    return _read(plain(text), primary(language))


def is_pair(style: str, language: str) -> bool:
    """Whether a language, or any other, sets a pair of marks so."""
    base = primary(language)
    return (
        style in _PAIRS
        or (style in _REVERSED and base in _REVERSED_LANGUAGES)
        or (style in _SAME and base in _SAME_LANGUAGES)
    )


@functools.lru_cache(maxsize=1024)
def _read(text: str, language: str) -> Quotation:
    pairs: list[Pair] = []
    opened: list[int] = []
    unopened: list[int] = []
    for found in _FOUND.finditer(text):
        at = found.start()
        side = _side(text, at, [text[i] for i in opened[-_DEPTH:]], language)
        if side == "open":
            opened.append(at)
        elif side == "close":
            if opened:
                start = opened.pop()
                pairs.append(Pair(start, at, text[start] + text[at], len(opened)))
            else:
                unopened.append(at)
    return Quotation(tuple(pairs), tuple(opened), tuple(unopened))


def _side(text: str, at: int, opened: list[str], language: str) -> str:
    mark = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if mark == STRAIGHT and before.isalpha() and after.isalpha():
        return "none"  # gershayim, or a missing space: nobody can tell
    if mark == STRAIGHT and before.isdigit() and STRAIGHT not in opened:
        return "close" if opened and opened[-1] in "“„«" else "none"  # inches
    if mark in "「『":
        return "open"
    if mark in "」』":
        return "close"
    if mark == "„":
        return "open"
    starts = not before or before.isspace() or before in _OPENING_BRACKETS or before in MARKS
    ends = not after or after.isspace() or after in _CLOSING or after in MARKS
    if starts and not ends:
        # A space on the wrong side: “word ”and more.
        is_closing = bool(opened) and opened[-1] + mark in {"“”", "„”", "«»"}
        return "close" if is_closing and before.isspace() else "open"
    if ends and not starts:
        return "close"
    return _by_itself(mark, opened, language)


def _by_itself(mark: str, opened: list[str], language: str) -> str:
    """What a mark is that stands between two letters, or between two spaces."""
    last = opened[-1] if opened else ""
    if mark == STRAIGHT:
        return "close" if last else "open"
    if mark == "“":
        return "close" if last == "„" else "open"
    if mark == "«":
        return "close" if last == "»" else "open"
    if mark == "»":
        is_opening = language in _REVERSED_LANGUAGES and "«" not in opened and last != "»"
        return "open" if is_opening else "close"
    return "open" if mark == "”" and language in _SAME_LANGUAGES and last != "”" else "close"
