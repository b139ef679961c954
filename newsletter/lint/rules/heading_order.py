"""Headlines that skip a level.

What: a headline two or more levels below the one before it (``<h4>`` after ``<h2>``). Going back
up by several levels is fine.

Why: people who listen find their way by the levels; where one is missing they believe that they
have missed a part.

Source: WCAG 2.2, 1.3.1 and technique G141; axe, heading-order.

Bad::

    html: <h1>The Harbour Letter</h1> <h3>The ferry is back</h3>

Good::

    html: <h1>The Harbour Letter</h1> <h2>The ferry is back</h2>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import styles

ID = "A13"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.WARNING
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for each jump, at the headline behind it."""
    document = context.document
    looks = styles(document.root)
    before = 0
    for heading in document.root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        if looks[heading].is_hidden:
            continue
        level = int(heading.tag[1])
        if before and level > before + 1:
            yield Problem(
                f'the headline "{document.text(heading)}" is an <h{level}> below an <h{before}>',
                f"In the template, make it an <h{before + 1}>.",
                *(document.place(heading) or ()),
            )
        before = level
