"""A link that counts its readers before it leads on.

What: links through the redirectors of mailing services and mail filters (errors); links that look
like such under another name (warnings).

Why: the service learns who follows which link; a link copied from somebody's mailbox also says
whose it was. Such links die with the service, and readers cannot see where they lead.

Source: ``newsletter.lint.redirectors``.

Bad::

    html: <a href="https://letter.us1.list-manage.com/track/click?u=1&id=2&e=3">The timetable</a>

Good::

    html: <a href="https://www.example.com/timetable">The timetable</a>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.redirectors import redirector
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "V02"
GROUP = Group.PRIVACY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such address, at its first link."""
    document = context.document
    told = set()
    for link in document.root.iter("a", "area"):
        address = (link.get("href") or "").strip()
        who = redirector(address) if address not in told else None
        if who is None:
            continue
        told.add(address)
        where, offset = document.place(link, "href") or ((), None)
        yield Problem(
            f"this link lets {who.name} count who follows it"
            if who.is_sure
            else f"this link looks like one by which {who.name} counts who follows it",
            "Open it, and put the address that it leads to in its place.",
            where,
            offset,
            Severity.ERROR if who.is_sure else Severity.WARNING,
        )
