"""A link in a text that leads nowhere.

What: a Markdown link with an address that is no web or mail address (``www.…``, a file, a misspelt
``htps``), whose host cannot exist or is this machine's, or with a ``#name`` that no section has as
its id.

Why: such a link is shown as it was typed, or leads to nothing, and a letter cannot be mended once
it has been sent.

Source: RFC 3986 section 3; mail clients resolve relative addresses against nothing.

Bad::

    intro: See [the timetable](www.example.com/timetable).

Good::

    intro: See [the timetable](https://www.example.com/timetable).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.merge_field import FIELD
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import texts, without_code

ID = "L04"
GROUP = Group.LINKS
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

# "[words](address" and "[words](address "title"": pictures are another rule's.
_LINK = re.compile(r"(?<![!\\])\[[^\[\]]*\]\(\s*<?([^\s)>]*)")
_HOST = re.compile(r"(?i)https?://(?:[^/?#@]*@)?(\[[0-9a-f:.]+\]|[^/?#:]*)")
_THIS_MACHINE = re.compile(r"(?i)localhost|.*\.(?:localhost|local|internal|test)|127\..*|\[::1\]")
_NAME = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+\.?|\[[0-9a-fA-F:.]+\]")


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such link."""
    ids = {getattr(section, "id", None) for section in context.issue.sections}
    for text in texts(context.issue):
        if not text.markdown:
            continue
        hidden = FIELD.sub(lambda field: "x" * len(field[0]), text.value)
        for link in _LINK.finditer(without_code(hidden)):
            start, end = link.span(1)
            if FIELD.match(text.value, start):
                continue  # a merge field that is an address
            said = _wrong(text.value[start:end], ids)
            if said:
                yield Problem(*said, text.where, start)


def _wrong(address: str, ids: set[str | None]) -> tuple[str, str] | None:
    if not address.strip("#/?."):  # "empty-link" says so
        return None
    if address.startswith("#"):
        if address[1:] in ids:
            return None
        return f'no section has the id "{address[1:]}"', "Name the id of a section, or take it out."
    if re.match(r"(?i)mailto:[^@\s]+@[^@\s]+", address):
        return None
    host = _HOST.match(address)
    if host is None:
        is_bare = re.match(r"[\w-]+(\.[\w-]+)+(/|$)", address) and not address.endswith(".html")
        hint = f"Write https://{address}" if is_bare else "It begins with https:// ."
        return f'"{address}" is not a web address', hint
    if _THIS_MACHINE.fullmatch(host[1]):
        return f'"{address}" is on this machine: readers cannot open it', "Name the public address."
    if not _NAME.fullmatch(host[1]):
        return f'"{address}" names no possible host', "Look for a typing mistake in it."
    return None
