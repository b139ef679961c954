"""Every address that an issue leads to, each with its place and the words above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.issue.manuscript import Where
from newsletter.issue.model import Button, LinkItem, Sponsor
from newsletter.lint.context import Context
from newsletter.lint.text import parts

_HOST = re.compile(r"(?i)https?://(?:[^/?#@\s]*@)?(\[[0-9a-f:.]+\]|[^/?#:\s]+)")


@dataclass(frozen=True, slots=True)
class Address:
    """One link.

    Attributes:
        url: As typed.
        words: What readers click on; empty if the letter says it (a story's ``link``).
        where: The way to the value that the address stands in.
        offset: Characters into it where the address stands, or the link that has it from
            elsewhere; None if the address is the whole value.
        is_bare: Whether the address itself is what readers click on.
        is_written_here: Whether ``value[offset:]`` begins with the address.
    """

    url: str
    words: str
    where: Where
    offset: int | None = None
    is_bare: bool = False
    is_written_here: bool = True

    @property
    def host(self) -> str:
        """Its host in lower case, without a port; empty if it has none."""
        return host_of(self.url)

    @property
    def start(self) -> int:
        """Characters into the value where the address begins."""
        return self.offset or 0


def addresses(context: Context) -> Iterator[Address]:
    """The links of an issue: those of its fields, then those of its texts."""
    for where, part in parts(context.issue):
        words = ""
        if isinstance(part, LinkItem):
            words = part.title
        elif isinstance(part, Button | Sponsor):
            words = part.label
        for name in ("url", "link"):
            if url := getattr(part, name, None):
                yield Address(url, words, (*where, name))
    for passage in context.passages:
        for link in passage.links:
            here = link.href_at is not None
            yield Address(
                link.href,
                passage.text[link.start : link.end],
                passage.where,
                link.href_at if here else link.at,
                link.is_bare,
                here,
            )


def host_of(url: str) -> str:
    """The host of a web address in lower case, without a port; empty if it has none."""
    found = _HOST.match(url)
    return found[1].lower().rstrip(".") if found else ""


def is_host_of(host: str, domain: str) -> bool:
    """Whether a host is a domain or stands below it."""
    return host == domain or host.endswith(f".{domain}")
