"""A number of stories that is not the number of stories.

What: "In this issue: six stories", "the week in five sentences", in digits or in words (English,
German, Ukrainian, Russian, Belarusian, Polish, French, Spanish, Italian), in the subject, the
preheader, the title, the greeting and what stands before the first story. Stories are counted with
and without texts, lists, quotations and pictures set apart, and as bullets: a number that fits any
of these is right. "Three more stories" and stories that are told inside a story are not counted.

Why: a story was dropped or added after the greeting was written. Readers look for the sixth.

Source: newspaper practice; numbers are checked last.

Bad::

    preheader: "In this issue: six stories and a recipe"
    sections:
      - headline: Ferry returns
        body: It sails again.

Good::

    preheader: "In this issue: two stories and a recipe"
    sections:
      - headline: Ferry returns
        body: It sails again.
      - headline: Library stays open
        body: It has a second stove now.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.model import Story
from newsletter.issue.passages import Passage, PassageKind
from newsletter.lint.numbers import claims
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N16"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_KINDS = frozenset(
    {PassageKind.SUBJECT, PassageKind.PREHEADER, PassageKind.TITLE, PassageKind.PARAGRAPH}
)
_NO_TEXT = frozenset({"button", "divider", "sponsor"})


def check(context: Context) -> Iterator[Problem]:
    """A problem for each number that fits no way of counting."""
    sections = context.issue.sections
    stories = [n for n, section in enumerate(sections) if isinstance(section, Story)]
    bullets = len(context.issue.summary)
    parts = sum(section.kind not in _NO_TEXT for section in sections)
    for passage in context.passages:
        if passage.kind not in _KINDS or not _is_before(passage, stories[0] if stories else 0):
            continue
        for claim in claims(passage.text, context.language):
            least, most = sorted((len(stories), parts))
            if claim.number == bullets or (least <= claim.number <= most and not claim.is_of_lines):
                continue
            if claim.is_of_lines and not bullets:
                continue  # lines of something else
            count = bullets if claim.is_of_lines else len(stories)
            yield Problem(
                f'the text says "{claim.words}", but there are {count}',
                "Change the number, or see what is missing.",
                passage.where,
                passage.at(claim.start),
            )


def _is_before(passage: Passage, first_story: int) -> bool:
    if passage.section is None:
        return passage.where[0] != "outro"
    return passage.section < first_story
