"""Tables inside tables, many levels deep.

What: more than eight tables, each inside the other.

Why: each level is a chance for a program to lose a width or a background, makes the letter longer,
and is read out by some screen readers. MJML needs three or four.

Source: Inky warns from its eighth level.

Bad::

    html: |
      <table><tr><td><table><tr><td><table><tr><td><table><tr><td><table><tr><td>
      <table><tr><td><table><tr><td><table><tr><td><table><tr><td>The ferry is back.
      </td></tr></table></td></tr></table></td></tr></table></td></tr></table>
      </td></tr></table></td></tr></table></td></tr></table></td></tr></table>
      </td></tr></table>

Good::

    html: |
      <table><tr><td><table><tr><td>The ferry is back.</td></tr></table></td></tr></table>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C14"
GROUP = Group.CLIENTS
SEVERITY = Severity.INFO
TARGET = Target.EDITION

DEEPEST = 8
"""Tables, each inside the other."""


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first of the deepest tables."""
    document = context.document
    depths = {
        table: 1 + sum(outer.tag == "table" for outer in table.iterancestors())
        for table in document.root.iter("table")
    }
    deepest = max(depths, key=lambda table: depths[table], default=None)
    if deepest is not None and depths[deepest] > DEEPEST:
        yield Problem(
            f"{depths[deepest]} tables stand each inside the other",
            "In the template, take out tables that hold nothing but one more table.",
            *(document.place(deepest) or ()),
        )
