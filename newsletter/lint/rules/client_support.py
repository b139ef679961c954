"""Something that a reader's mail program does not show.

What: each thing in the HTML that one of the project's mail programs (``clients`` in ``[lint]``)
does not know, by caniemail's tests: a warning if the letter falls apart without it, such as
``display:flex`` or a background picture in classic Outlook; a note if it is known in part, or
missed little. It is told once, at the first place. Left out: what does no harm where it is not
known, what an earlier declaration of the same property makes up for, what MJML writes a
replacement for, and what stands in a style sheet or an ``@media`` that the program does not read.

Why: Word draws the letters of classic Outlook; Gmail drops what it does not know. Nobody tries a
letter in twenty programs each week.

Source: caniemail.com. Many of its tests are years old, so the message says the date; rows C04 to
C09, C13 and C15 of the catalogue rest on the same data.

Bad::

    html: |
      <table><tr style="display: flex"><td>Ferry</td><td>Library</td></tr></table>

Good::

    html: |
      <table><tr><td>Ferry</td><td>Library</td></tr></table>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail.judgement import BREAKING, BREAKING_IN_PART, OWN_RULES
from newsletter.lint.caniemail.lacks import Lack, lacks
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C06"
GROUP = Group.CLIENTS
SEVERITY = Severity.WARNING
TARGET = Target.EDITION

_TOLD_ELSEWHERE = frozenset(slug for slugs in OWN_RULES.values() for slug in slugs)


def check(context: Context) -> Iterator[Problem]:
    """One problem for each feature, at the first place where it is used."""
    document = context.document
    for slug, lack in lacks(document.root, context.options.clients).items():
        if slug in _TOLD_ELSEWHERE:
            continue
        more = f"More about it: {lack.feature.url}"
        where, offset = document.place(lack.elements[0]) or ((), None)
        yield Problem(
            _message(lack),
            f"{BREAKING[slug]} {more}" if slug in BREAKING else more,
            where,
            offset,
            Severity.WARNING if _breaks(slug, lack) else Severity.INFO,
        )


def _breaks(slug: str, lack: Lack) -> bool:
    return slug in BREAKING_IN_PART or (slug in BREAKING and bool(lack.missing))


def _message(lack: Lack) -> str:
    how = "does not work in" if lack.missing else "works only in part in"
    note = f": {lack.note}" if lack.note else ""
    return f"{lack.feature.title} {how} {lack.where}{note}"
