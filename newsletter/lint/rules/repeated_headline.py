"""A headline that readers meet twice.

What: two sections with one headline; a bullet that is a headline, word for word; a story whose
first paragraph is its headline again (warnings). A bullet that is, word for word, the first
paragraph of a story or its first sentence is a note. Case, spacing and signs do not count.

Why: two equal headlines are two stories that cannot be told apart, or one pasted twice. A bullet
should say the news in a sentence; the headline follows anyway. A headline at the start of the text
was left there when it was pasted.

Source: newspaper practice; WCAG 2.2, 2.4.6 (headings describe what follows).

Bad::

    sections:
      - headline: Ferry returns
        body: The night ferry sails again from Friday.
      - headline: Ferry returns
        body: The library stays open until ten.

Good::

    summary:
      - After eleven weeks the night boat is back.
    sections:
      - headline: Ferry returns
        body: The night ferry sails again from Friday.
      - headline: Library stays open
        body: It has a second stove now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.passages import RUNNING, Passage, PassageKind
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.similarity import words

ID = "N03"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_HEADLINES = frozenset({PassageKind.HEADLINE, PassageKind.TITLE})
_LEAST = 5  # words; "It is over." may open two texts
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»“)]*\s+")


def check(context: Context) -> Iterator[Problem]:
    """Problems of headlines, then of bullets."""
    headlines: dict[tuple[str, ...], Passage] = {}
    leads: dict[tuple[str, ...], Passage] = {}
    bullets = []
    headline, above = None, None
    for passage in context.passages:
        if passage.kind is PassageKind.BULLET:
            bullets.append(passage)
        elif passage.kind in _HEADLINES and passage.section is not None:
            headline, above = words(passage.text), passage.section
            if headline in headlines:
                yield Problem(
                    f"line {_line(context, headlines[headline])} has this headline already",
                    "Give each section its own, or take one of them out.",
                    passage.where,
                )
            elif headline:
                headlines[headline] = passage
        elif passage.section is not None and passage.section == above and _is_text(passage):
            above = None  # only the first passage below a headline
            if headline and words(passage.text) == headline:
                yield Problem(
                    "the text begins with its headline again",
                    "Take it out of the text.",
                    passage.where,
                    passage.at(0),
                )
            for opening in (passage.text, _first_sentence(passage.text)):
                leads.setdefault(words(opening), passage)
    for bullet in bullets:
        said = words(bullet.text)
        if said in headlines:
            yield Problem(
                f"this bullet is the headline in line {_line(context, headlines[said])}, "
                "word for word",
                "Say the news in a sentence of its own.",
                bullet.where,
            )
        elif said in leads and len(said) >= _LEAST:
            yield Problem(
                f"this bullet is the beginning of the story in line {_line(context, leads[said])}, "
                "word for word",
                "Say it in other words, for those who read both.",
                bullet.where,
                severity=Severity.INFO,
            )


def _is_text(passage: Passage) -> bool:
    return passage.kind in RUNNING or passage.kind is PassageKind.HEADING


def _first_sentence(text: str) -> str:
    return _SENTENCE_END.split(text, maxsplit=1)[0]


def _line(context: Context, passage: Passage) -> int:
    return context.manuscript.place(passage.where, passage.at(0))[0]
