"""A link that is not encrypted.

What: an address that begins with ``http://``. It is mended by itself where the same page stands in
the issue with ``https://``, or where it is on a host of the newsletter's own.

Why: everybody between a reader and the site can see which page is read, and change it. For some
readers that is the danger. Almost every site answers under https as well. Onion services are
encrypted by themselves, so ``http://….onion`` is fine.

Source: RFC 9110 section 4.2.2; RFC 7258 (pervasive monitoring is an attack).

Bad::

    intro: See [the timetable](http://www.example.com/timetable).

Good::

    intro: See [the timetable](https://www.example.com/timetable).
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.addresses import addresses, is_host_of
from newsletter.lint.hosts import own_hosts
from newsletter.lint.rule import Context, Edit, Group, Problem, Target
from newsletter.onion import leads_to_onion

ID = "L05"
GROUP = Group.LINKS
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such link."""
    found = list(addresses(context))
    encrypted = {a.host for a in found if a.url.lower().startswith("https://")}
    own = own_hosts(context)
    for address in found:
        if not address.url.lower().startswith("http://") or leads_to_onion(address.url):
            continue
        known = address.host in encrypted or any(is_host_of(address.host, h) for h in own)
        edit = Edit(address.where, address.start + 4, address.start + 4, "s")
        yield Problem(
            f"the link to {address.host} is not encrypted",
            "Write https:// and try whether the page is there.",
            address.where,
            address.offset,
            fix=(edit,) if known and address.is_written_here else (),
        )
