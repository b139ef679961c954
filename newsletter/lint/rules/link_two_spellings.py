"""One page under two addresses.

What: two links to the same host and path that differ only in ``http`` and ``https``, in ``www.``,
in a slash at the end, in upper and lower case of the host, or in tracking parameters.

Why: one of them was pasted from another place, and only one was tried. Readers' programs do not
mark the second as visited.

Source: RFC 3986 section 6.2 (comparing addresses).

Bad::

    intro: See [the timetable](https://example.com/ferry) and [fares](https://www.example.com/ferry/).

Good::

    intro: See [the timetable](https://example.com/ferry) and [fares](https://example.com/fares).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from newsletter.findings import Severity
from newsletter.lint.addresses import Address, addresses
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "L10"
GROUP = Group.LINKS
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_TRACKING = re.compile(r"utm_.*|fbclid|gclid|mc_[ce]id|igshid|yclid|msclkid|ref|ref_src", re.I)


def check(context: Context) -> Iterator[Problem]:
    """A problem for each link that is another one in other letters."""
    first: dict[str, Address] = {}
    for address in addresses(context):
        if not address.host or "{{" in address.url:
            continue
        before = first.setdefault(_key(address.url), address)
        if before.url != address.url:
            line, _ = context.manuscript.place(before.where, before.offset)
            yield Problem(
                f"line {line} leads to the same page under another address, {before.url}",
                "Use one of them in both places.",
                address.where,
                address.offset,
            )


def _key(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port or ""
    except ValueError:  # a bracket or a port that cannot be: "link-address" says so
        return url
    host = (parts.hostname or "").removeprefix("www.")
    said = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(key, value) for key, value in said if not _TRACKING.fullmatch(key)])
    return f"{host}:{port}{parts.path.rstrip('/')}?{query}#{parts.fragment}"
