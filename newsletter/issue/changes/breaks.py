"""Paragraphs that were broken in two, or joined: shown as one text in which a ¶ came or went."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence

from newsletter.issue.changes.matching import Pair
from newsletter.issue.changes.paragraphs import Paragraph
from newsletter.issue.changes.words import Token, bag

SIGN = "¶"

_PART = 0.8
"""Share of a paragraph's words that must come from the other's rest to be a part of it."""


def with_breaks(
    old: Sequence[Paragraph], new: Sequence[Paragraph], pairs: Iterable[Pair]
) -> tuple[Sequence[Paragraph], Sequence[Paragraph]]:
    """Both lists, the parts of what is one paragraph in the other list put together.

    Args:
        old: Paragraphs before.
        new: Paragraphs now.
        pairs: Which became which; those without another may be parts.
    """
    both = [(p.old, p.new) for p in pairs if p.old is not None and p.new is not None]
    return (
        _put_together(old, [(i, new[j]) for i, j in both]),
        _put_together(new, [(j, old[i]) for i, j in both]),
    )


def _put_together(
    entries: Sequence[Paragraph], wholes: Sequence[tuple[int, Paragraph]]
) -> Sequence[Paragraph]:
    """``entries``, where each at a place with a whole takes free neighbours that are its rest."""
    taken = {place for place, _ in wholes}
    if len(taken) == len(entries):
        return entries
    groups = {}
    for place, whole in wholes:
        rest = bag(whole.tokens) - bag(entries[place].tokens)
        first = last = place
        while last + 1 < len(entries) and _is_part(entries, last + 1, place, rest, taken):
            last += 1
        while first > 0 and _is_part(entries, first - 1, place, rest, taken):
            first -= 1
        taken.update(range(first, last + 1))
        groups[first] = last
    grouped, index = [], 0
    while index < len(entries):
        last = groups.get(index, index)
        grouped.append(_joined(entries[index : last + 1]))
        index = last + 1
    return grouped


def _is_part(
    entries: Sequence[Paragraph], index: int, place: int, rest: Counter[str], taken: set[int]
) -> bool:
    if index in taken or entries[index].kind != entries[place].kind:
        return False
    words = bag(entries[index].tokens)
    return bool(words) and (words & rest).total() >= _PART * words.total()


def _joined(parts: Sequence[Paragraph]) -> Paragraph:
    tokens = list(parts[0].tokens)
    for part in parts[1:]:
        tokens += [Token(SIGN, is_spaced=True), Token(part.tokens[0].text, is_spaced=True)]
        tokens += part.tokens[1:]
    links = tuple(link for part in parts for link in part.links)
    return dataclasses.replace(parts[0], tokens=tuple(tokens), links=links)
