"""A link that shows one address and leads to another.

What: words of a link that are a web address, or end in one, on another host than the one that the
link leads to. A host and its ``www.`` are the same; so is a name below it.

Why: it is what phishing looks like. Mail programs warn of it, filters count it, and readers who
were taught to look are right not to click.

Source: RFC 3986 section 7.6; SpamAssassin's rule of the same kind.

Bad::

    intro: See [www.example.org/timetable](https://tickets.example.com/t/77).

Good::

    intro: See [www.example.org/timetable](https://www.example.org/timetable).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.addresses import addresses, is_host_of
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "L07"
GROUP = Group.LINKS
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

_SHOWN = re.compile(
    r"(?i)(?:https?://(?:[^/\s@]*@)?|www\.)([^\W_][\w.-]*\.[^\W\d_]{2,})(?::\d+)?(?:[/?#]\S*)?$"
    r"|(?<![\w.@/-])([^\W_][\w-]*(?:\.[^\W_][\w-]*)*"
    r"\.(?:com|org|net|edu|gov|info|eu|uk|de|fr|pl|ua|by|ru|io)(?:\.uk|\.ua|\.by)?)(?:/\S*)?$"
)
"""An address at the end of the words, with a protocol or ``www.``, or with an ending that is known:
"Node.js" and "report.pdf" are no addresses."""


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such link."""
    for address in addresses(context):
        if address.is_bare or not address.host or "." not in address.words:
            continue
        found = _SHOWN.search(address.words.strip().rstrip(".,;:)"))
        if found is None:
            continue
        shown = (found[1] or found[2]).lower().removeprefix("www.")
        host = address.host.removeprefix("www.")
        if not (is_host_of(host, shown) or is_host_of(shown, host)):
            yield Problem(
                f"the words say {shown}, but the link leads to {host}",
                "Let both be the same, or say in words where it leads.",
                address.where,
                address.offset,
            )
