"""An address that looks like a trick.

What: a host that is a number (``192.0.2.7``), a name or a password before the host, letters of
several alphabets in one part of the host's name, another web address inside the address that it
would lead on to, more than 200 characters.

Why: mail filters and careful readers take such links for an attack; some of them are. A long one
was mostly copied with somebody's session in it.

Source: RFC 3986 section 7.6; Unicode TR 39, 5.1 (mixed scripts); the rules of spam filters.

Bad::

    intro: See [the timetable](http://192.0.2.7/timetable).

Good::

    intro: See [the timetable](https://www.example.com/timetable).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.findings import Severity
from newsletter.lint.addresses import Address, addresses, is_host_of
from newsletter.lint.redirectors import redirector
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "L08"
GROUP = Group.LINKS
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

LONGEST = 200
"""Characters."""

_NUMBER = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|0x[0-9a-f]+|\d{7,}|\[.*\]")
_USER = re.compile(r"(?i)https?://[^/?#\s]*@")
_INSIDE = re.compile(r"(?i)[?&#;][\w.-]+=(https?:|)//([^/?#&:\s]+)")
# Archives and translations lead on by design, and say so in their names.
_PASS_ON = ("web.archive.org", "archive.org", "archive.ph", "archive.today", "translate.goog")


def check(context: Context) -> Iterator[Problem]:
    """At most one problem for each link."""
    for address in addresses(context):
        if said := _wrong(address):
            yield Problem(*said, address.where, address.offset)


def _wrong(address: Address) -> tuple[str, str] | None:
    host = address.host
    if not host:
        return None
    if _NUMBER.fullmatch(host):
        return f"the link leads to a number, {host}", "Use the name of the site."
    if _USER.match(address.url):
        return "a name stands before the host of this link", "Take it out, up to the @."
    if (script := _mixed(host)) is not None:
        return (
            f"the name of the site, {host}, mixes letters of several alphabets",
            f"Type it anew: {script}",
        )
    inside = _INSIDE.search(unquote(address.url))
    if inside or len(address.url) > LONGEST:
        known = redirector(address.url)
        if known is not None and known.is_sure:
            return None  # the rule redirector tells of it
    if inside and not is_host_of(inside[2].lower(), host) and not _passes_on(host):
        return (
            f"{host} would lead on to {inside[2].lower()}",
            "Link to the page itself: what stands between sees who follows the link.",
        )
    if len(address.url) > LONGEST:
        return (
            f"the address has {len(address.url)} characters",
            "Try whether it works without what follows the question mark.",
        )
    return None


def _passes_on(host: str) -> bool:
    return any(is_host_of(host, known) for known in _PASS_ON)


def _mixed(host: str) -> str | None:
    """Which letters stand out in a part of a name that mixes alphabets, or None."""
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                label = label.encode().decode("idna")
            except UnicodeError:
                continue
        scripts: dict[str, str] = {}
        for letter in label:
            if letter.isalpha():
                scripts.setdefault(unicodedata.name(letter, "?").split()[0], letter)
        if len(scripts) > 1 and "LATIN" in scripts:
            names = ", ".join(f'"{letter}" is {name.title()}' for name, letter in scripts.items())
            return f"{names}."
    return None
