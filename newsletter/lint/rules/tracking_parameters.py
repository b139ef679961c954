"""An address with somebody's click in it.

What: parameters such as ``utm_source``, ``fbclid``, ``gclid`` or ``mc_eid`` in the address of a
link, pasted from a browser or from another newsletter.

Why: they say where a click came from, and some of them who made it: ``mc_eid`` is one reader of
the newsletter that the link was copied from, and every reader of ours would arrive under that
name. The page is the same without them.

Source: ``newsletter.lint.tracking``.

Bad::

    intro: See [the timetable](https://example.com/t?line=2&utm_source=mail&fbclid=IwAR0#winter).

Good::

    intro: See [the timetable](https://example.com/t?line=2#winter).
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.addresses import Address, addresses
from newsletter.lint.rule import Context, Edit, Group, Problem, Target
from newsletter.lint.tracking import tracking_parameters, without_tracking
from newsletter.lint.typed import typed

ID = "L09"
GROUP = Group.PRIVACY
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """At most one problem for each link."""
    for address in addresses(context):
        if names := tracking_parameters(address.url):
            yield Problem(
                f"the address says where a click came from: {', '.join(names)}",
                "Take that out; the rest leads to the same page.",
                address.where,
                address.offset,
                fix=_fix(context, address),
            )


def _fix(context: Context, address: Address) -> tuple[Edit, ...]:
    url, start = address.url, typed(context, address)
    if start is None:
        return ()
    end = start + len(url)
    new = without_tracking(url)
    same = min(len(url.partition("?")[0]), len(url.partition("#")[0]))
    return (Edit(address.where, start + same, end, new[same:]),)
