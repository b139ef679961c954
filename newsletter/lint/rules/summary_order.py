"""Bullets that stand in another order than their stories.

What: the bullets of the summary, by the stories that their ``story`` names (or, without it, by the
words that they surely share with one), against the order of the sections.

Why: readers go from the summary down the letter; a bullet out of turn looks like a story that is
missing. Most often the stories were moved late, and the bullets stayed.

Source: newspaper practice: a table of contents follows the pages.

Bad::

    summary:
      - text: The library stays open until ten.
        story: library
      - text: The night ferry sails again.
        story: ferry
    sections:
      - headline: Ferry returns
        id: ferry
        body: The night ferry sails again from Friday.
      - headline: A second stove
        id: library
        body: From Monday the library stays open until ten.

Good::

    summary:
      - text: The night ferry sails again.
        story: ferry
      - text: The library stays open until ten.
        story: library
    sections:
      - headline: Ferry returns
        id: ferry
        body: The night ferry sails again from Friday.
      - headline: A second stove
        id: library
        body: From Monday the library stays open until ten.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.summary import announcements, out_of_order

ID = "N04"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first bullet that stands in the wrong place."""
    placed = [(a.bullet, a.section) for a in announcements(context) if a.section is not None]
    wrong = out_of_order([section for _, section in placed])
    if not wrong:
        return
    bullet = placed[wrong[0]][0]
    order = [str(b + 1) for b, _ in sorted(placed, key=lambda pair: pair[1])]
    yield Problem(
        f"bullet {bullet + 1} stands in another order than its story",
        f"In the order of the stories the bullets would stand {', '.join(order)}.",
        ("summary", bullet, "text"),
    )
