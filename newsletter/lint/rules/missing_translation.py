"""A story that another language of the same issue lacks.

What: each story of an issue against the stories of its siblings (``2026-11-20.uk.yaml`` beside
``2026-11-20.yaml``). Stories with one ``id`` belong together; the others are paired in their order,
and those that are left over have no translation.

Why: all readers of a campaign are told the same news, each in their language. A story that was
added late in one language is easily forgotten in the others, and nobody reads all of them.

Source: newspaper practice: the desks of a newsletter in several languages share one list of
stories.

Bad::

    sections:
      - headline: Ferry returns
        id: ferry
        body: The night ferry sails again from Friday.
      - headline: A second stove
        id: library
        body: From Monday the library stays open until ten.
    ---
    language: uk
    sections:
      - headline: Пором повертається
        id: ferry
        body: Нічний пором знову ходить із п'ятниці.

Good::

    sections:
      - headline: Ferry returns
        id: ferry
        body: The night ferry sails again from Friday.
    ---
    language: uk
    sections:
      - headline: Пором повертається
        id: ferry
        body: Нічний пором знову ходить із п'ятниці.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.model import Issue, Story
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N24"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """A problem for each story and each language that lacks it."""
    here = _stories(context.issue)
    for other in context.siblings:
        there = _stories(other.issue)
        for place, story in _without_a_match(here, there):
            named = story.id is not None and all(their.id for _, their in there)
            yield Problem(
                f"{other.path.name} has no translation of this story",
                "Translate it there, or take it out here."
                if named
                else f"There are {len(here)} stories here and {len(there)} there. Give a story and "
                'its translation the same "id", and it is certain which one is missing.',
                ("sections", place, "headline"),
            )


def _stories(issue: Issue) -> list[tuple[int, Story]]:
    return [(place, s) for place, s in enumerate(issue.sections) if isinstance(s, Story)]


def _without_a_match(
    here: list[tuple[int, Story]], there: list[tuple[int, Story]]
) -> Iterator[tuple[int, Story]]:
    """The stories of the one that the other has not, with their places."""
    theirs, ours = ({story.id for _, story in some if story.id} for some in (there, here))
    left = [story for _, story in there if story.id not in ours]
    for place, story in here:
        if story.id in theirs:
            continue
        # A name on both sides that differs is no match.
        match = next((other for other in left if not (story.id and other.id)), None)
        if match is None:
            yield place, story
        else:
            left.remove(match)
