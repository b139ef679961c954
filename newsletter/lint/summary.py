"""Which story each bullet of a summary announces: as it says itself, or else by its words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.issue.passages import PassageKind
from newsletter.lint.context import Context
from newsletter.lint.remembered import remembered
from newsletter.lint.similarity import words

SURE = 0.4
"""Share of a bullet's words from which on a story says what it says, counted by the words' weight:
one that every story has counts little. In seven issues in five languages bullets share 0.35 to 0.9
with their own stories and at most 0.37 with any other."""

STRANGE = 0.15
"""Share below which a story does not say what a bullet does."""

_LEAD = 1.5  # times the share of the next likely story, to be sure of one

_KINDS = frozenset({"story", "text", "links", "picture", "quote"})
_SILENT = frozenset({PassageKind.CREDIT, PassageKind.BYLINE})
# "And", "the", "with" are written on to the word behind them.
_ARABIC_PREFIX = re.compile(r"\b(?:[وفبك]?ال|لل|و)(?=\w{3})")
_STEM = 5  # letters; endings differ between a bullet and its story in most languages


@dataclass(frozen=True, slots=True)
class Announcement:
    """A bullet and what it announces.

    Attributes:
        bullet: The number of the bullet, from 0.
        named: The number of the section that its ``story`` names; None without or with a wrong one.
        shares: How much of the bullet each section that can be announced says, from 0 to 1.
    """

    bullet: int
    named: int | None
    shares: Mapping[int, float]

    @property
    def best(self) -> float:
        """How much of the bullet the likeliest section says."""
        return max(self.shares.values(), default=0.0)

    @property
    def likely(self) -> int | None:
        """The number of the section that surely says the same; None if none or more do."""
        if self.best < SURE:
            return None
        first, *others = sorted(self.shares, key=lambda number: (-self.shares[number], number))
        return None if others and self.best < _LEAD * self.shares[others[0]] else first

    @property
    def section(self) -> int | None:
        """The number of the section that it announces, as far as that is known."""
        return self.likely if self.named is None else self.named


@remembered(1)  # several rules ask in turn, for one letter
def announcements(context: Context) -> list[Announcement]:
    """What each bullet of an issue announces."""
    issue = context.issue
    ids = {name: n for n, s in enumerate(issue.sections) if (name := getattr(s, "id", None))}
    said = _stems_by_section(context)
    return [
        Announcement(number, ids.get(bullet.story or ""), _shares(stems(bullet.text), said))
        for number, bullet in enumerate(issue.summary)
    ]


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words of a text that carry meaning: the longer ones, and numbers."""
    return frozenset(
        word[:_STEM]
        for word in words(_ARABIC_PREFIX.sub("", text))
        if len(word) > 3 or (len(word) > 1 and word.isdigit())
    )


def _stems_by_section(context: Context) -> dict[int, frozenset[str]]:
    texts: dict[int, list[str]] = {
        number: [] for number, s in enumerate(context.issue.sections) if s.kind in _KINDS
    }
    for passage in context.passages:
        if passage.section in texts and passage.kind not in _SILENT:
            texts[passage.section].append(passage.text)
    return {number: stems(" ".join(parts)) for number, parts in texts.items()}


def _shares(bullet: frozenset[str], said: Mapping[int, frozenset[str]]) -> dict[int, float]:
    spread = Counter(stem for section in said.values() for stem in section & bullet)
    weights = {stem: math.log((len(said) + 1) / max(1, spread[stem])) for stem in bullet}
    whole = sum(weights.values()) or 1.0
    return {n: sum(map(weights.__getitem__, s & bullet)) / whole for n, s in said.items()}


def out_of_order(places: Sequence[int]) -> list[int]:
    """The positions of the fewest numbers without which the others stand in rising order."""
    rows: list[list[int]] = []  # the longest rising row that ends at each position
    for at, place in enumerate(places):
        row: list[int] = []
        for before in rows:
            if places[before[-1]] <= place and len(before) > len(row):
                row = before
        rows.append([*row, at])
    staying = max(rows, key=lambda row: len(row), default=[])
    return [at for at in range(len(places)) if at not in staying]
