"""CSS variables and ``light-dark()``, which drop the whole declaration.

What: ``var(--colour)``, ``--colour: …`` or ``light-dark(…)``, unless an earlier declaration of the
same property says a plain value.

Why: a program that does not know them drops the declaration: the text has the program's own
colour, on the letter's background.

Source: caniemail, css-variables and css-function-light-dark: not in Gmail, Outlook and Yahoo.

Bad::

    html: <p style="color:var(--ink)">The ferry is back.</p>

Good::

    html: <p style="color:#222222; color:var(--ink)">The ferry is back.</p>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail.lacks import lacks
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C05"
GROUP = Group.CLIENTS
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_FEATURES = {
    "css-variables": "CSS variables are",
    "css-function-light-dark": "light-dark() is",
}


def check(context: Context) -> Iterator[Problem]:
    """At most one problem for each of the two, at the first place."""
    document = context.document
    found = lacks(document.root, context.options.clients)
    for slug, called in _FEATURES.items():
        lack = found.get(slug)
        if lack and lack.missing:
            yield Problem(
                f"{called} not known to {lack.where}, which drop the declaration",
                "Write the value itself; or write it in front, as a declaration of its own.",
                *(document.place(lack.elements[0]) or ()),
            )
