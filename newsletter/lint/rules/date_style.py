"""Dates, times and numbers written in two ways.

What: "Aug. 20" beside "20 August", "8/20" or "2026-08-20"; "7.30 pm" beside "7:30 pm", "19:30" or
"7:30 p.m."; "1,000" beside "1 000"; "5%" beside "5 per cent". The rarer way is told of, once, where
it stands first. Only paragraphs and bullets are read: titles, lists and tables have less room, and
quotations speak as people do.

Why: readers look for a meaning in the difference; what was pasted from another source shows.

Source: proselint, dates_times; The Guardian and AP style guides; CLDR's months.

Bad::

    intro: It sails on 20 August, on 27 August and, for once, on Sept. 3 at noon.

Good::

    intro: >-
      It sails on 20 August and 3 September at 7.30 pm with 1,000 people, 5% of them children,
      before the report of “September 4”.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.findings import Severity
from newsletter.issue.passages import Passage, PassageKind
from newsletter.lint.forms import forms
from newsletter.lint.plain import plain
from newsletter.lint.quotation import quotation
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N10"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_READ = frozenset({PassageKind.PARAGRAPH, PassageKind.BULLET})


@dataclass(frozen=True, slots=True)
class _Place:
    passage: Passage
    start: int
    end: int

    @property
    def words(self) -> str:
        return " ".join(self.passage.text[self.start : self.end].split())


def check(context: Context) -> Iterator[Problem]:
    """A problem for each way of writing something that is rarer than another."""
    found: dict[str, dict[str, list[_Place]]] = {}
    for passage in context.passages:
        if passage.kind not in _READ:
            continue
        said = quotation(passage.text, context.language)
        for form in forms(plain(passage.text), context.language):
            if not said.holds(form.start):
                place = _Place(passage, form.start, form.end)
                found.setdefault(form.subject, {}).setdefault(form.name, []).append(place)
    told: set[tuple[Passage, int]] = set()
    for subject, ways in found.items():
        usual = max(ways.values(), key=len)
        for places in ways.values():
            first = places[0]
            if places is usual or (first.passage, first.start) in told:
                continue
            told.add((first.passage, first.start))
            yield Problem(
                f'{subject} are mixed: "{first.words}" here, "{usual[0].words}" '
                f"{'once' if len(usual) == 1 else f'{len(usual)} times'} elsewhere",
                "Write all of them one way.",
                first.passage.where,
                first.passage.at(first.start),
            )
