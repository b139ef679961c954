"""A link in a text without an address.

What: a Markdown link with nothing between its round brackets, or only ``#`` or ``/``.

Why: it is what is left when the address was to be filled in later. Readers click on it and land at
the top of the letter, or nowhere.

Source: HTML, 4.6.2 (an empty fragment is the top of the document).

Bad::

    intro: See [the timetable]().

Good::

    intro: See [the timetable](https://www.example.com/timetable).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "L03"
GROUP = Group.LINKS
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

_NOWHERE = re.compile(r"[#/?.\s]*")


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such link."""
    for passage in context.passages:
        for link in passage.links:
            if _NOWHERE.fullmatch(link.href):
                yield Problem(
                    "this link has no address",
                    "Write it between the round brackets.",
                    passage.where,
                    link.at if link.href_at is None else link.href_at,
                )
