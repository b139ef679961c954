"""Exclamation marks in a row, and passages in capitals.

What: ``!!!``, or four and more ``!`` and ``?`` in a row; a passage of more than 50 letters of which
more than a fifth are capitals, with at least three words all in capitals. A headline all in
capitals is a note.

Why: filters count both, and readers feel shouted at. Screen readers may spell words in capitals.

Source: the checks of the Inky toolkit; SpamAssassin's UPPERCASE and PLING rules; WCAG 2.2, 3.1.5.

Bad::

    intro: Come to the harbour tonight!!!

Good::

    intro: Come to the harbour tonight! The NATO, EU and UNESCO flags will be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.passages import Passage, PassageKind
from newsletter.lint.plain import plain
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "P02"
GROUP = Group.SPAM
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

LETTERS = 50
"""A passage of fewer may well be a name."""

SHARE = 0.2
"""Of capitals among the letters that have small forms. German has 0.06 to 0.09."""

_WORDS = 3
_MARKS = re.compile(r"!{3,}|[!?]{4,}")
_CAPITALS = re.compile(r"(?<!\w)[^\W\d_]{4,}(?!\w)")
_HEADS = frozenset({PassageKind.HEADLINE, PassageKind.TITLE, PassageKind.HEADING})
_HEAD = 10  # letters
# The subject has rules of its own.
_LEFT_OUT = frozenset({PassageKind.SUBJECT})


def check(context: Context) -> Iterator[Problem]:
    """Problems of every passage but the subject."""
    for passage in context.passages:
        if passage.kind in _LEFT_OUT:
            continue
        text = plain(passage.text)
        if "!!" in text or "??" in text or "!?" in text or "?!" in text:
            for found in _MARKS.finditer(text):
                yield Problem(
                    f"{len(found[0])} marks in a row: {found[0][:12]}",
                    "One is enough.",
                    passage.where,
                    passage.at(found.start()),
                )
        yield from _capitals(passage, text)


def _capitals(passage: Passage, text: str) -> Iterator[Problem]:
    if len(text) <= _HEAD:
        return
    # Small letters are counted by what becomes of them: one pass instead of one for each letter.
    capitals = sum(map(str.isupper, text)) if not text.islower() else 0
    if passage.kind in _HEADS:
        if text.isupper() and sum(map(str.isalpha, text)) > _HEAD:
            yield Problem(
                f"the {passage.kind} is all in capitals",
                "Write it as a sentence; capitals are read letter by letter.",
                passage.where,
                passage.at(0),
                Severity.INFO,
            )
        return
    if capitals <= SHARE * LETTERS:
        return
    letters = capitals + sum(map(str.islower, text))
    shouted = [found for found in _CAPITALS.finditer(text) if found[0].isupper()]
    if letters > LETTERS and capitals > SHARE * letters and len(shouted) >= _WORDS:
        yield Problem(
            f"{capitals * 100 // letters} % of the letters here are capitals",
            "Write words in capitals only if they are names.",
            passage.where,
            passage.at(shouted[0].start()),
        )
