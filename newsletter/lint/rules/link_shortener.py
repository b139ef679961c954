"""A link that hides where it leads.

What: an address of a link shortener, such as ``bit.ly``. (``youtu.be`` is YouTube's own and only a
note.)

Why: readers cannot see where it leads, the shortener sees who clicks and when, filters hold it
against a letter, and it dies with the service.

Source: lists of spam filters; RFC 3986 section 7.6 (misleading addresses).

Bad::

    intro: See [the timetable](https://bit.ly/3xyz).

Good::

    intro: See [the timetable](https://www.example.com/timetable).
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.addresses import addresses
from newsletter.lint.hosts import SHORTENERS
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "L06"
GROUP = Group.LINKS
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such link."""
    for address in addresses(context):
        host = address.host.removeprefix("www.")
        if host in SHORTENERS:
            yield Problem(
                f"{host} hides where the link leads, and sees who follows it",
                "Open it, and put the address that it leads to in its place.",
                address.where,
                address.offset,
                Severity.INFO if host == "youtu.be" else None,
            )
