"""A summary bullet that leads nowhere, or where another one leads already.

What: a bullet whose ``story`` is the ``id`` of no section (error); two bullets with the same
``story`` (warning).

Why: the bullet is a link inside the letter. Without its story the link is dead; with another
bullet's story it takes readers to the wrong one.

Source: WCAG 2.2, 2.4.4 (link purpose); a section's ``id`` becomes the anchor that bullets jump
to.

Bad::

    summary:
      - text: The night ferry sails again.
        story: fery
    sections:
      - headline: Ferry returns
        id: ferry
        body: The night ferry sails again from Friday.

Good::

    summary:
      - text: The night ferry sails again.
        story: ferry
    sections:
      - headline: Ferry returns
        id: ferry
        body: The night ferry sails again from Friday.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Problem, Target

ID = "summary-story"
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """Problems of every bullet that names a story."""
    ids = [name for s in context.issue.sections if (name := getattr(s, "id", None))]
    first: dict[str, int] = {}
    for index, bullet in enumerate(context.issue.summary):
        if bullet.story is None:
            continue
        place = ("summary", index, "story")
        if bullet.story not in ids:
            yield Problem(
                f'no section has the id "{bullet.story}"', _suggest(bullet.story, ids), place
            )
        elif bullet.story in first:
            yield Problem(
                f'bullet {first[bullet.story] + 1} leads to "{bullet.story}" already',
                "Give each bullet its own story.",
                place,
                severity=Severity.WARNING,
            )
        else:
            first[bullet.story] = index


def _suggest(name: str, ids: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, ids, 1)
    if close:
        return f'Did you mean "{close[0]}"?'
    if ids:
        return f"Sections have these ids: {', '.join(ids)}."
    return f'Add "id: {name}" to the story that this bullet announces.'
