"""A name that is spelt in two ways.

What: two names in one issue that differ by one letter inside, or only by the custom of spelling
(Zelensky and Zelenskyy, Müller and Mueller), and that are surely one: the same name stands beside
both, or one is given in full and the other bare, in the same story, or one is rare and the other is
not. Another spelling of a name that ``house_spellings`` lists is found wherever it stands. Endings
are grammar, names with different first names are different people, names of fewer than five letters
are not compared, and neither are scripts without capitals.

Why: a reader who meets Okafor and Okafar asks who the second one is. The person asks whether
anybody listened. Names from other alphabets have a spelling for every agency that wrote them.

Source: newspaper practice: names are checked twice; ISO 9 and the national tables of
transliteration, which disagree.

Bad::

    sections:
      - headline: Ferry returns
        body: Councillor Ines Okafor voted for it. “An island needs a boat,” said Okafar.

Good::

    sections:
      - headline: Ferry returns
        body: Councillor Ines Okafor voted for it. “An island needs a boat,” said Okafor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter.findings import Severity
from newsletter.issue.passages import Passage
from newsletter.lint.names import LEAST_LETTERS, Name, is_variant, names, pairs, sound
from newsletter.lint.rule import Context, Edit, Group, Problem, Target

ID = "N12"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """Every place of a spelling that the house does not use; once for each other rare spelling."""
    found = names(context.passages, context.language)
    listed = _listed(context.options.house_spellings)
    right_ones = {spelling.casefold() for spelling in listed}
    others = []
    for name in found:
        if name.folded in right_ones:
            continue
        right = next((s for s in listed if is_variant(name, s, context.language)), None)
        if right is None:
            others.append(name)
        else:
            yield from _against_the_house(context, name, right)
    told: set[str] = set()
    for usual, rare in pairs(others, context.language):
        if rare.text not in told:
            told.add(rare.text)
            yield _problem(context, usual, rare)


def _listed(spellings: Sequence[str]) -> list[str]:
    """The single names of the list; of "Sviatlana Tsikhanouskaya" both, of "Black Sea" none."""
    found = []
    for spelling in spellings:
        parts = spelling.split()
        found += parts if len(parts) == 1 else [p for p in parts if len(p) > LEAST_LETTERS]
    return [part for part in found if part[:1].isupper()]


def _against_the_house(context: Context, name: Name, right: str) -> Iterator[Problem]:
    is_custom = sound(name.text) == sound(right)
    for passage, start in name.places:
        at = passage.at(start)
        yield Problem(
            f'"{name.text}" looks like "{right}", as this newsroom spells it',
            f'Write "{right}", unless another is meant; then list it in house_spellings, too.',
            passage.where,
            at,
            fix=_edit(context, passage, start, name.text, right) if is_custom else (),
        )


def _edit(
    context: Context, passage: Passage, start: int, said: str, right: str
) -> tuple[Edit, ...]:
    at = passage.at(start)
    if context.manuscript.value(passage.where)[at : at + len(said)] != said:
        return ()
    return (Edit(passage.where, at, at + len(said), right),)


def _problem(context: Context, usual: Name, rare: Name) -> Problem:
    passage, start = rare.places[0]
    first, at = usual.places[0]
    line, _ = context.manuscript.place(first.where, first.at(at))
    times = len(usual.places)
    often = f"{times} times, first in line {line}" if times > 1 else f"in line {line}"
    return Problem(
        f'"{rare.text}" is spelt "{usual.text}" {often}',
        "If both are one, spell them alike; the right one can be listed in house_spellings.",
        passage.where,
        passage.at(start),
    )
