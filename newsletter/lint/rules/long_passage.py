"""Bullets and paragraphs that are long.

What: a bullet of more than 25 words, a paragraph of more than 90. Quotations, tables and lists
inside a text do not count, nor do languages that put no spaces between words.

Why: a bullet is read at a glance, on a telephone, in the seconds before somebody decides whether
to read on. A paragraph of 90 words fills a telephone's screen without a place to rest.

Source: numbers of our own: 25 words are about three lines of a telephone, 90 words a screen.

Bad::

    summary:
      - >-
        After eleven weeks in which islanders slept on the benches of the harbour office, wrote to
        the county, and twice blocked the quay, the night ferry is back.

Good::

    summary:
      - After eleven weeks of letters and a blocked quay, the night ferry is back.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.passages import PassageKind
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.similarity import words

ID = "N19"
GROUP = Group.EDITORIAL
SEVERITY = Severity.INFO
TARGET = Target.ISSUE

_MOST = {PassageKind.BULLET: 25, PassageKind.PARAGRAPH: 90}
_UNSPACED = frozenset({"ja", "km", "lo", "my", "th", "yue", "zh"})


def check(context: Context) -> Iterator[Problem]:
    """A problem for each passage that is too long."""
    if context.language.split("-")[0].lower() in _UNSPACED:
        return
    for passage in context.passages:
        most = _MOST.get(passage.kind)
        # A word has a letter and a space: fewer characters cannot be too many words.
        if most is None or len(passage.text) < 2 * most:
            continue
        length = len(words(passage.text))
        if length > most:
            is_bullet = passage.kind is PassageKind.BULLET
            yield Problem(
                f"this {passage.kind} has {length} words, more than {most}",
                "Say it shorter." if is_bullet else "Make two paragraphs of it.",
                passage.where,
                passage.at(0),
            )
