"""Alternative text that goes on and on.

What: more than 100 characters in an alternative text.

Why: a screen reader reads it in one breath, and the listener cannot stop in it or go back a
sentence. Where pictures are off, it fills half the screen.

Source: University of Iowa, Accessibility: alternative text; W3C WAI, Images Tutorial, complex
images.

Bad::

    sections:
      - kind: picture
        image:
          src: https://example.com/ferry.jpg
          alt: >-
            The white ferry with the red funnel leaves the harbour of Brennick at dusk, on its deck
            stand islanders with bags and bicycles, and behind it gulls follow in a long line

Good::

    sections:
      - kind: picture
        image:
          src: https://example.com/ferry.jpg
          alt: A white ferry with bicycles on its deck leaves the harbour at dusk
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.manuscript import Where
from newsletter.issue.markdown import pictures
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import images, length, texts

ID = "A16"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.INFO
TARGET = Target.ISSUE

LONGEST = 100
"""Characters."""


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such picture, in its own field or inside a text."""
    for where, image in images(context.issue):
        yield from _problems(image.alt, (*where, "alt"), None)
    for text in texts(context.issue):
        if text.markdown and "![" in text.value:
            for picture in pictures(text.value):
                yield from _problems(picture.alt, text.where, picture.offset)


def _problems(alt: str, where: Where, offset: int | None) -> Iterator[Problem]:
    count = length(alt.strip())
    if count > LONGEST:
        yield Problem(
            f"the alternative text has {count} characters; {LONGEST} are easily heard",
            "Say what matters, and tell the rest in the caption or in the text.",
            where,
            offset,
        )
