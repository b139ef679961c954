"""A link that readers of the text part do not get.

What: an address that the HTML part leads to and that the text part does not have: an error if it
stands in the issue, a note if the template alone has it. Links within the letter are left out, and
so is the way to unsubscribe, which ``unsubscribe-link`` looks for.

Why: where there is no HTML, what cannot be seen cannot be followed.

Source: react-email, issue 1377, where links of pictures and buttons were lost.

Bad::

    html: <p>See <a href="https://example.com/timetable">the timetable</a>.</p>
    text: See the timetable.

Good::

    html: <p>See <a href="https://example.com/timetable">the timetable</a>.</p>
    text: |
      See the timetable [1].

      [1] https://example.com/timetable
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from markdown_it.common.normalize_url import normalizeLink

from newsletter.findings import Severity
from newsletter.lint.addresses import addresses
from newsletter.lint.fields import as_typed
from newsletter.lint.rule import Context, Group, Problem, Target

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "T03"
GROUP = Group.TEXT
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_LEADS_OUT = re.compile(r"(?i)https?:|mailto:|\{\{ view_url \}\}")
_ENDS = r"(?![\w/?#&=%~+-]|\.\w)"


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such address, at its first link."""
    document = context.document
    text = as_typed(context.edition.text)
    missing: dict[str, Element] = {}
    for link in document.root.iter("a", "area"):
        address = (link.get("href") or "").strip()
        if _LEADS_OUT.match(address) and not _has(text, address):
            missing.setdefault(address, link)
    written = {normalizeLink(address.url) for address in addresses(context)} if missing else set()
    for address, link in missing.items():
        is_ours = address in written
        where, offset = document.place(link, "href") or ((), None)
        yield Problem(
            f"{address} is not in the text part",
            "The program makes the text part, not the template: please report it."
            if is_ours
            else "The template adds this link. If readers of the text need it, write it in the "
            "outro.",
            where,
            offset,
            Severity.ERROR if is_ours else Severity.INFO,
        )


def _has(text: str, address: str) -> bool:
    shown = re.sub(r"(?i)^mailto:", "", address)
    # Not as the beginning of another address.
    return shown in text and re.search(re.escape(shown) + _ENDS, text) is not None
