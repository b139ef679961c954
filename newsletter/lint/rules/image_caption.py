"""A picture without a caption.

What: a picture of a story, or one that stands by itself, without ``caption``. Decoration
(``alt: ""``) and advertisements need none. A picture inside a text has no caption of its own: the
paragraph below it, which Markdown sets like any other, is one.

Why: readers look at pictures first, and a picture without words makes them guess who and when.

Source: the style books of most newsrooms; only a note, since a picture may speak for itself.

Bad::

    sections:
      - headline: Ferry
        body: It sails again.
        image: {src: https://example.com/ferry.jpg, alt: A ferry, credit: "Photo: Ada Sample"}

Good::

    sections:
      - headline: Ferry
        body: It sails again.
        image: {src: https://example.com/ferry.jpg, alt: A ferry, caption: Back on Friday.}
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.model import Sponsor
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import images

ID = "N14"
GROUP = Group.EDITORIAL
SEVERITY = Severity.INFO
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such picture."""
    for where, image in images(context.issue):
        section = context.issue.sections[where[1]] if isinstance(where[1], int) else None
        if image.caption or not image.alt.strip() or isinstance(section, Sponsor):
            continue
        yield Problem(
            "the picture has no caption",
            'Add "caption:": who is seen, where and when.',
            where,
        )
