"""A letter without a main headline, or with several.

What: no ``<h1>`` that readers can see, or more than one.

Why: people who listen to a letter jump from headline to headline, and begin at the first one. It
says what the letter is.

Source: Email Markup Consortium, Accessibility Report 2025: 77% of letters; WCAG 2.2, 2.4.6.

Bad::

    html: <h2>The ferry is back</h2> <h2>The library stays open</h2>

Good::

    html: <h1>The Harbour Letter</h1> <h2>The ferry is back</h2> <h2>The library stays open</h2>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import styles

ID = "A04"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.WARNING
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """At most one problem: none, or the second one."""
    document = context.document
    looks = styles(document.root)
    found = [h1 for h1 in document.root.iter("h1") if not looks[h1].is_hidden]
    if not found:
        yield Problem(
            "the letter has no main headline, <h1>",
            "In the template, make the title of the issue one, or the newsletter's name.",
        )
    elif len(found) > 1:
        yield Problem(
            f"the letter has {len(found)} main headlines, <h1>; there should be one",
            "In the template, make the headlines of its parts <h2>.",
            *(document.place(found[1]) or ()),
        )
