"""Which bullet of the summary announces which story: by the rare words that both have.

No language is assumed. Words count by their first letters, so that inflected forms meet
(``паром``, ``парома``); scripts without capitals, which put articles before words or no space
between them, count by pieces of three and two letters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

STEM = 5
"""Letters that two forms of one word share."""

LEAST = 0.12
"""Share of a bullet's weight that its story must hold."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_COMMON = 100  # stories; what more of them say tells none from another
_TIE = 0.05  # for each step that a bullet is away from its story's place


@dataclass(frozen=True, slots=True)
class Announced:
    """What a story says.

    Attributes:
        headline: Its headline; a word in it counts double.
        text: Its first paragraphs.
    """

    headline: str
    text: str = ""


def match(bullets: Sequence[str], stories: Sequence[Announced]) -> list[int | None]:
    """For each bullet the index of its story, None if it has none; no story twice.

    A bullet and a story that alone are left over between pairs in order belong together, too.
    """
    found: list[int | None] = [None] * len(bullets)
    taken: set[int] = set()
    for _, bullet, story in sorted(_scores(bullets, stories), key=lambda s: (-s[0], s[1], s[2])):
        if found[bullet] is None and story not in taken:
            found[bullet] = story
            taken.add(story)
    return found


def left_over(found: Sequence[int | None], stories: int) -> tuple[int, int] | None:
    """The one bullet and the one story without a partner, if their places agree."""
    bullets = [index for index, story in enumerate(found) if story is None]
    free = sorted(set(range(stories)) - set(found))
    if len(bullets) != 1 or len(free) != 1 or len(found) < 2:
        return None
    bullet, story = bullets[0], free[0]
    before = [s for s in found[:bullet] if s is not None]
    behind = [s for s in found[bullet + 1 :] if s is not None]
    in_order = all(s < story for s in before) and all(s > story for s in behind)
    return (bullet, story) if in_order else None


def _scores(bullets: Sequence[str], stories: Sequence[Announced]) -> list[tuple[float, int, int]]:
    headlines = [frozenset(features(story.headline)) for story in stories]
    texts = [headlines[i] | frozenset(features(s.text)) for i, s in enumerate(stories)]
    spread = Counter(feature for text in texts for feature in text)
    holders: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        for feature in text:
            holders.setdefault(feature, []).append(index)
    scores = []
    for index, bullet in enumerate(bullets):
        wanted = frozenset(features(bullet))
        total = sum(_weight(spread[feature], len(stories)) for feature in wanted) or 1.0
        sums: dict[int, float] = {}
        for feature in wanted:
            if spread[feature] > _COMMON:
                continue
            for story in holders.get(feature, ()):
                weight = _weight(spread[feature], len(stories))
                factor = 2 if feature in headlines[story] else 1
                sums[story] = sums.get(story, 0.0) + weight * factor
        for story, weight in sums.items():
            share = weight / total
            if share >= LEAST:
                distance = abs(index - story) if len(bullets) == len(stories) else 0
                scores.append((share - _TIE * min(distance, 4), index, story))
    return scores


def likeness(one: str, other: str) -> float:
    """How much of the shorter of two lines the other one has, 0 to 1."""
    first, second = frozenset(features(one)), frozenset(features(other))
    least = min(len(first), len(second))
    return len(first & second) / least if least > 1 else 0.0


def _weight(spread: int, stories: int) -> float:
    """Rare words weigh more; one that no story has weighs as one that a single story has."""
    return math.log((stories + 1) / max(spread, 1)) ** 2


def features(text: str) -> list[str]:
    """What of a text can be found in another: beginnings of words, numbers, pieces of words."""
    found = []
    for word in _WORD.findall(text.casefold()):
        if word[0].isdigit():
            found.append(word)
        elif _has_capitals(word[0]):
            if len(word) > 2:
                found.append(word[:STEM])
        else:
            size = 2 if ord(word[0]) >= 0x2E80 else 3  # East Asian scripts begin there
            found += [word[at : at + size] for at in range(max(1, len(word) - size + 1))]
    return found


def _has_capitals(letter: str) -> bool:
    return letter.upper() != letter
