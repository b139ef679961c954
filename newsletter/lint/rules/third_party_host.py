"""Something that comes from somebody else's server when the letter is opened.

What: pictures, fonts and style sheets that are fetched from a host which is not the newsletter's
own: not that of ``base_url``, ``archive_url`` or ``assets_url``, none of ``own_hosts`` in the
table ``[lint]``, and none below them. Links that readers follow themselves are fine.

Why: that server learns when each reader opens the letter, and from where; and it can show another
picture tomorrow.

Source: RFC 6973, 5.2.1 (data minimisation); the promise of this program that readers are not
watched.

Bad::

    html: <img src="https://pictures.example.com/ferry.jpg" alt="A ferry">

Good::

    html: <img src="https://assets.example.org/ferry.jpg" alt="A ferry">
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.findings import Severity
from newsletter.lint.addresses import is_host_of
from newsletter.lint.hosts import own_hosts
from newsletter.lint.remote import resources
from newsletter.lint.rule import Context, Group, Problem, Target

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "V04"
GROUP = Group.PRIVACY
SEVERITY = Severity.WARNING
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for each host, at the first thing that comes from it."""
    document = context.document
    own = own_hosts(context)
    found: dict[str, list[tuple[Element, str]]] = {}
    for element, attribute, address in resources(document.root):
        host = _host(address)
        if host and "{" not in host and not any(is_host_of(host, ours) for ours in own):
            found.setdefault(host, []).append((element, attribute))
    for host, places in found.items():
        first, attribute = places[0]
        times = f" ({len(places)} times)" if len(places) > 1 else ""
        yield Problem(
            f"opening the letter fetches something from {host}{times}, which learns who reads it",
            "Put the file beside the issue; or, if the host is yours, name it in own_hosts in the "
            "table [lint] of newsletter.toml.",
            *(document.place(first, attribute) or ()),
        )


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # an unclosed "[" in the host
        return ""
