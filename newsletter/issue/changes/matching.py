"""Which entry of a list became which: two lists → pairs."""

from __future__ import annotations

import bisect
import difflib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from newsletter.issue.changes.words import likeness

T = TypeVar("T")
Key = Callable[[T], Hashable | None]

LEAST_LIKE = 0.5
"""Share of common words from which on two texts without a common key are one, rewritten.
English paragraphs about different things share 0.2 to 0.3, by their small words."""

MOST_COMPARED = 40_000
"""Pairs whose words are compared: 200 rewritten paragraphs. An issue has about 60."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The places of an entry in the old and the new list, from 0; None where it is not."""

    old: int | None
    new: int | None
    moved: bool = False


def match(
    old: Sequence[T], new: Sequence[T], keys: Sequence[Key[T]], bag: Callable[[T], Counter[str]]
) -> list[Pair]:
    """Pairs of entries that are the same one, and the entries that have no other.

    Args:
        old: Entries before.
        new: Entries now.
        keys: What makes two entries one, the surest first; None is no key.
        bag: The words of an entry, for those that no key has paired.

    Returns:
        In the new order; what is gone stands behind what it stood behind.
    """
    pairs: dict[int, int] = {}
    for key in keys:
        pairs.update(_by_key(old, new, key, pairs))
    pairs.update(_by_words(old, new, bag, pairs))
    return _in_order(len(old), len(new), pairs)


def _by_key(
    old: Sequence[T], new: Sequence[T], key: Key[T], paired: dict[int, int]
) -> Iterator[tuple[int, int]]:
    before = [(i, k) for i in _free(old, paired) if (k := key(old[i])) is not None]
    after = [(j, k) for j in _free(new, paired.values()) if (k := key(new[j])) is not None]
    # First what kept its order, so that of two like dividers none seems to have moved.
    matcher = difflib.SequenceMatcher(None, [k for _, k in before], [k for _, k in after])
    taken_before, taken_after = set(), set()
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            i, j = before[block.a + step][0], after[block.b + step][0]
            taken_before.add(i)
            taken_after.add(j)
            yield i, j
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, k in reversed(before):
        if i not in taken_before:
            waiting[k].append(i)
    for j, k in after:
        if j not in taken_after and waiting[k]:
            yield waiting[k].pop(), j


def _by_words(
    old: Sequence[T],
    new: Sequence[T],
    bag: Callable[[T], Counter[str]],
    paired: dict[int, int],
) -> Iterator[tuple[int, int]]:
    before, after = _free(old, paired), _free(new, paired.values())
    if len(before) * len(after) > MOST_COMPARED:
        return
    old_bags = {i: bag(old[i]) for i in before}
    new_bags = {j: bag(new[j]) for j in after}
    likes = [(-likeness(old_bags[i], new_bags[j]), abs(i - j), i, j) for i in before for j in after]
    taken_before, taken_after = set(), set()
    for like, _, i, j in sorted(likes):
        if -like < LEAST_LIKE:
            return
        if i not in taken_before and j not in taken_after:
            taken_before.add(i)
            taken_after.add(j)
            yield i, j


def _free(entries: Sequence[T], taken: Collection[int]) -> list[int]:
    gone = set(taken)
    return [index for index in range(len(entries)) if index not in gone]


def _in_order(olds: int, news: int, pairs: dict[int, int]) -> list[Pair]:
    by_new = sorted((j, i) for i, j in pairs.items())
    staying = _longest_rise([i for _, i in by_new])
    behind: defaultdict[int | None, list[Pair]] = defaultdict(list)
    anchor = None
    for i in range(olds):
        if i not in pairs:
            behind[anchor].append(Pair(i, None))
        elif i in staying:
            anchor = i
    origin = dict(by_new)
    ordered = behind[None]
    for j in range(news):
        came = origin.get(j)
        ordered.append(Pair(came, j, moved=came is not None and came not in staying))
        if came is not None:
            ordered += behind[came]
    return ordered


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The largest set of different numbers that stand in rising order (patience sorting)."""
    tops: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        pile = bisect.bisect_left(tops, number)
        before.append(places[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [number]
        places[pile : pile + 1] = [place]
    rise: set[int] = set()
    place = places[-1] if places else -1
    while place >= 0:
        rise.add(numbers[place])
        place = before[place]
    return rise
