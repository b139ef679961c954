"""An issue that is written in another script than its language has.

What: most letters of the issue are of a script in which its ``language`` (or the newsletter's, if
it names none) is not written: a Ukrainian text in an issue marked as English.

Why: the language decides on quotation marks, the words around the stories, the date, the direction
of the lines and how the letter is read aloud; rules that know weekdays and names go by it, too.

Source: WCAG 2.2, 3.1.1 (language of page).

Bad::

    intro: |
      Доброго ранку! Пором знову ходить щоп’ятниці, а бібліотека відчинена до десятої вечора.
      Ринок переїжджає під дах канатної майстерні, де взимку тепліше, ніж на набережній.

Good::

    language: uk
    intro: |
      Доброго ранку! Пором знову ходить щоп’ятниці, а бібліотека відчинена до десятої вечора.
      Ринок переїжджає під дах канатної майстерні, де взимку тепліше, ніж на набережній.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.passages import RUNNING, PassageKind
from newsletter.issue.scripts import is_written_in, script
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N23"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

LEAST = 100
"""Letters; a shorter text may be a poster with a foreign name."""


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the language or at the top of the file."""
    said = [p.text for p in context.passages if p.kind in RUNNING or p.kind is PassageKind.BULLET]
    text = " ".join(said)
    if sum(map(str.isalpha, text)) < LEAST:
        return
    written = script(text)
    if written is not None and not is_written_in(context.language, written):
        yield Problem(
            f'the issue is marked as "{context.language}" and written in {written} letters',
            'At the top of the file, name the language that it is written in: "language: uk", say.',
            ("language",),
        )
