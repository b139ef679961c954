"""A class whose name Gmail drops.

What: a class with a full stop or a colon in its name, as utility frameworks write them
(``sm:w-full``, ``p-1.5``).

Why: Gmail renames the classes of a letter and drops those that it cannot rename, with all rules
for them.

Source: Inky's rule of the same kind.

Bad::

    html: <p class="sm:text-lg">The ferry is back.</p>

Good::

    html: <p class="sm-text-lg">The ferry is back.</p>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "C13"
GROUP = Group.CLIENTS
SEVERITY = Severity.WARNING
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first such class."""
    if "gmail" not in context.options.clients:
        return
    document = context.document
    found: dict[str, Element] = {}
    for element in document.root.iter():
        for name in (element.get("class") or "").split():
            if "." in name or ":" in name:
                found.setdefault(name, element)
    if found:
        (name, element), *others = found.items()
        more = f" (and {len(others)} more)" if others else ""
        yield Problem(
            f'Gmail drops the class "{name}"{more}, with all rules for it',
            "In the template, write a hyphen in place of each full stop and colon.",
            *(document.place(element) or ()),
        )
