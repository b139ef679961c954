"""A text that is there but says nothing.

What: a headline, label or body that holds only white space, invisible characters, punctuation, or
Markdown signs without words.

Why: readers get a headline over nothing, or a gap; most often a story was announced and its text
forgotten.

Source: WCAG 2.2, 2.4.6 (headings and labels); the rule ``empty-heading`` of axe-core.

Bad::

    sections:
      - headline: Ferry returns
        body: "**  **"

Good::

    sections:
      - headline: Ferry returns
        body: The night ferry sails again from Friday.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.markdown import words
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import has_words, texts

ID = "N21"
GROUP = Group.EDITORIAL
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """A problem for each text without a word in it; alt texts have a rule of their own."""
    for text in texts(context.issue):
        name = text.where[-1]
        if name != "alt" and not has_words(words(text.value) if text.markdown else text.value):
            yield Problem(
                f'"{name}" has no words in it',
                "Write it, or take it out together with what belongs to it.",
                text.where,
            )
