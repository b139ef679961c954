"""A letter that is mostly pictures.

What: fewer than 100 characters of text for each picture.

Why: whoever has pictures blocked sees an empty letter, whoever listens to it hears next to nothing,
and filters know such letters from advertising.

Source: spam filters' ratio of pictures to text (SpamAssassin's ``HTML_IMAGE_RATIO``); WCAG 2.2,
1.4.5 (images of text).

Bad::

    sections:
      - kind: picture
        image: {src: https://example.com/one.jpg, alt: The programme of the week}
      - kind: picture
        image: {src: https://example.com/two.jpg, alt: The prices}

Good::

    sections:
      - headline: The programme of the week
        body: The night ferry sails again from Friday, and the library stays open until ten. The
          market moves under the roof of the ropewalk on Saturday.
        image: {src: https://example.com/one.jpg, alt: A ferry at dusk}
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.markdown import pictures
from newsletter.issue.passages import RUNNING
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import images, length, texts

ID = "I04"
GROUP = Group.IMAGES
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

LEAST = 100
"""Characters of text for each picture."""


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first picture."""
    found = [where for where, _ in images(context.issue)]
    found += [
        text.where
        for text in texts(context.issue)
        if text.markdown and "![" in text.value
        for _ in pictures(text.value)
    ]
    if not found:
        return
    size = sum(length(p.text) for p in context.passages if p.kind in RUNNING)
    if size < LEAST * len(found):
        yield Problem(
            f"{len(found)} picture{'s' * (len(found) != 1)} and only {size} characters of text",
            "Say in words what the pictures say.",
            found[0],
        )
