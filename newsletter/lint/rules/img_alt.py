"""A picture that says nothing of itself at all.

What: a picture in the HTML without an ``alt`` attribute. ``alt=""`` is right for decoration.

Why: without the attribute, a screen reader reads the address of the picture instead; with an
empty one it says nothing.

Source: Email Markup Consortium, Accessibility Report 2025: 51% of letters, critical; WCAG 2.2,
1.1.1.

Bad::

    html: <img src="https://example.com/ferry.jpg">

Good::

    html: <img src="https://example.com/ferry.jpg" alt="A ferry leaves the harbour at dusk">
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "A08"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such picture."""
    document = context.document
    for image in document.root.iter("img"):
        if image.get("alt") is None and image.get("role") not in ("presentation", "none"):
            source = (image.get("src") or "").rpartition("/")[2]
            yield Problem(
                f"the picture {source} has no alt attribute" if source else "a picture has no alt",
                'In the template, write alt="{{ image.alt }}", or alt="" for decoration.',
                *(document.place(image, "src") or ()),
            )
