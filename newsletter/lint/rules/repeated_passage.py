"""A passage that stands in two places, or is left over from an earlier issue.

What: a paragraph, or a whole story, that stands a second time in the issue, or that stood in one
of the last issues: word for word, with one word in ten changed, or inside a longer paragraph.
Case, quotation marks, dashes and spaces do not count. Passages of fewer than 12 words may return,
and so may quotations set apart (they are meant to repeat the story), advertisements, and whatever
stood in the last two issues, or in half of those remembered: that is standing text. A paragraph
whose only changes are numbers and names of days or months is a form, filled in again. In a
greeting, and where a section without a headline is left over, it is a warning.

Why: text pasted under the wrong headline, and last week's story under this week's, are the
mistakes of a newsroom that starts from the last issue's file. Nobody sees them who knows the text.

Source: A. Broder, "On the resemblance and containment of documents" (1997), for the comparison.

Bad::

    sections:
      - headline: Ferry returns
        body: |
          The night ferry sails again from Friday, after eleven weeks in which islanders slept on
          the benches of the harbour office.
      - headline: Library stays open
        body: |
          The night ferry sails again from Friday, after eleven weeks in which islanders slept on
          the benches of the harbour office.

Good::

    sections:
      - headline: Ferry returns
        body: |
          The night ferry sails again from Friday, after eleven weeks in which islanders slept on
          the benches of the harbour office.
      - headline: Library stays open
        body: |
          From Monday the library is open until ten, because the reading room has a second stove
          and three volunteers who do not mind the dark.
    ---
    sections:
      - headline: The mayor is on leave
        body: |
          The mayor has gone to the mountains for a fortnight and has left word that nobody is to
          ring her about the drains.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.findings import Severity
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.passages import PassageKind
from newsletter.lint.fingerprint import Fingerprint, Piece, fingerprint
from newsletter.lint.months import is_of_the_day
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.similarity import differences

ID = "N01"
GROUP = Group.EDITORIAL
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A piece of this issue and the one that it repeats: of this issue, or of an earlier one."""

    number: int
    piece: Piece
    original: Piece
    earlier: int | None

    @property
    def run(self) -> tuple[object, ...]:
        """What belongs into one finding: the same two texts."""
        return self.piece.where, self.earlier, self.original.where


def check(context: Context) -> Iterator[Problem]:
    """A problem for each pair of texts that have passages in common."""
    here = fingerprint(context.manuscript)
    runs: defaultdict[tuple[object, ...], list[_Repeat]] = defaultdict(list)
    found = {repeat.number: repeat for repeat in _left_over(context, here)}
    found.update((repeat.number, repeat) for repeat in _within(here))
    for _, repeat in sorted(found.items()):
        runs[repeat.run].append(repeat)
    for run in runs.values():
        yield _problem(context, here, run)


def _within(here: Fingerprint) -> Iterator[_Repeat]:
    for number, first in reversed(here.within):  # the first of several is kept
        piece, original = here.pieces[number], here.pieces[first]
        if (piece.kind is PassageKind.QUOTE) is (original.kind is PassageKind.QUOTE):
            yield _Repeat(number, piece, original, None)


def _left_over(context: Context, here: Fingerprint) -> Iterator[_Repeat]:
    seen: defaultdict[int, dict[int, Piece]] = defaultdict(dict)
    for age, manuscript in enumerate(context.earlier):
        there = fingerprint(manuscript)
        for ours, theirs in here.common(there):
            if _may_be_left_over(here.pieces[ours], there.pieces[theirs]):
                seen[ours].setdefault(age, there.pieces[theirs])
    for number, originals in seen.items():
        is_standing = len(originals) > 1 and (
            {0, 1} <= originals.keys() or 2 * len(originals) >= len(context.earlier)
        )
        latest = min(originals)
        piece, original = here.pieces[number], originals[latest]
        if not is_standing and not _is_form(piece, original, context.language):
            yield _Repeat(number, piece, original, latest)


_LONG = 200  # words: no form is longer
_MUCH = 25  # words: of a shorter passage, the same in a longer one may be an address or a price


def _may_be_left_over(piece: Piece, original: Piece) -> bool:
    if piece.section is None or original.section is None:
        return False  # greetings and closing notes: unchanged-boilerplate looks at them
    if (piece.kind is PassageKind.QUOTE) is not (original.kind is PassageKind.QUOTE):
        return False
    shorter, longer = sorted((len(piece.words), len(original.words)))
    return shorter >= _MUCH or longer <= 1.5 * shorter


def _is_form(piece: Piece, original: Piece, language: str) -> bool:
    if piece.normal == original.normal or len(piece.words) > _LONG:
        return False
    changed = differences(piece.words, original.words)
    return bool(changed) and all(is_of_the_day(word, language) for word in changed)


def _problem(context: Context, here: Fingerprint, run: Sequence[_Repeat]) -> Problem:
    first = run[0]
    manuscript = context.manuscript if first.earlier is None else context.earlier[first.earlier]
    line = _line(manuscript, first.original)
    if first.earlier is None:
        place = f"stand{'s' * (len(run) == 1)} in line {line} already"
        hint = "Take one of the two out."
    else:
        stood = f"in {manuscript.path.name}, line {line}"
        place = f"stood {stood}, already"
        hint = "Take out what is left over, or say what is new."
    what = "this paragraph"
    if len(run) > 1:
        whole = len(run) == sum(piece.where == first.piece.where for piece in here.pieces)
        what = f"{'all' if whole else 'these'} {len(run)} paragraphs"
    return Problem(
        f"{what} {place}", hint, first.piece.where, first.piece.at, _severity(context, first)
    )


def _line(manuscript: Manuscript, piece: Piece) -> int:
    return manuscript.place(piece.where, piece.at)[0]


def _severity(context: Context, repeat: _Repeat) -> Severity | None:
    if repeat.earlier is None:
        is_mild = repeat.piece.section is None or repeat.original.section is None
    else:
        section = context.issue.sections[repeat.piece.section or 0]
        is_mild = section.kind == "text" or repeat.piece.kind is PassageKind.ITEM
    return Severity.WARNING if is_mild else None
