"""A colour that classic Outlook for Windows drops.

What: ``hsl()`` or ``hsla()``, unless an earlier declaration of the same property says the colour
in another way.

Why: classic Outlook drops the declaration, and shows its own colour.

Source: react-email's compatibility data (issue 2947 there); caniemail has no test of it.

Bad::

    html: <p style="color:hsl(190, 80%, 23%)">The ferry is back.</p>

Good::

    html: <p style="color:#0b5c6b">The ferry is back.</p>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail import css
from newsletter.lint.caniemail.features import visible
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C09"
GROUP = Group.CLIENTS
SEVERITY = Severity.WARNING
TARGET = Target.EDITION

_FUNCTIONS = frozenset({"hsl", "hsla"})


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first place."""
    if "outlook" not in context.options.clients:
        return
    document = context.document
    for seen in visible(document.root):
        if seen.outlook and any(one.functions & _FUNCTIONS for one in css.of(seen.element)):
            yield Problem(
                "colours written as hsl() are not known to classic Outlook for Windows, "
                "which drops the declaration",
                "Write the colour as #rrggbb.",
                *(document.place(seen.element) or ()),
            )
            return
