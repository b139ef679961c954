"""A link that counts its readers before it leads on.

What: links through the redirectors of mailing services, mail filters, search engines and networks
(errors); links that look like such under another name (warnings).

Why: the service learns who follows which link; a link copied from somebody's mailbox also says
whose it was. Such links die with the service, and readers cannot see where they lead.

Source: ``newsletter.lint.redirectors``.

Bad::

    html: <a href="https://letter.us1.list-manage.com/track/click?u=1&id=2&e=3">The timetable</a>

Good::

    html: <a href="https://www.example.com/timetable">The timetable</a>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.findings import Severity
from newsletter.lint.addresses import addresses
from newsletter.lint.redirectors import destination, redirector
from newsletter.lint.rule import Context, Edit, Group, Problem, Target
from newsletter.lint.typed import typed

ID = "V02"
GROUP = Group.PRIVACY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

# An address without words above it, of which Markdown makes a link as a whole.
_BARE = re.compile(r"(?i)https?://[\w.%/?#=&+:,;~-]*[\w/=-]")


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
        target = destination(address)
        yield Problem(
            f"this link lets {who.name} count who follows it"
            if who.is_sure
            else f"this link looks like one by which {who.name} counts who follows it",
            "Open it, and put the address that it leads to in its place."
            if target is None
            else f"Put {target} in its place: there it leads.",
            where,
            offset,
            Severity.ERROR if who.is_sure else Severity.WARNING,
            _fix(context, address, target) if target else (),
        )


def _fix(context: Context, href: str, target: str) -> tuple[Edit, ...]:
    """Puts the target wherever the manuscript has the address."""
    edits = []
    for address in addresses(context):
        # The letter may have it with other signs percent-encoded.
        if unquote(address.url) != unquote(href):
            continue
        start = typed(context, address)
        if start is not None and (not address.is_bare or _BARE.fullmatch(target)):
            edits.append(Edit(address.where, start, start + len(address.url), target))
    return tuple(dict.fromkeys(edits))
