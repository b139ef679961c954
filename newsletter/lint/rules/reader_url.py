"""A web address that is another one for each reader.

What: a merge field in the address of a link, of a picture or of anything else, but for those that
the program makes: ``{{ unsubscribe_url }}`` and ``{{ view_url }}`` as whole addresses. Mail
addresses (``mailto:``) are left out; pictures of the issue are the business of ``merge-field``.

Why: whoever runs the site sees who came, by name. Readers are not watched.

Source: the promise of this program: no per-reader address but the one that unsubscribes.

Bad::

    html: <a href="https://example.com/survey?who={{ email }}">Our survey</a>

Good::

    html: <a href="https://example.com/survey">Our survey</a>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.issue.merge_field import FIELD
from newsletter.lint.pictures import shown_pictures
from newsletter.lint.rule import Context, Group, Problem, Target

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "V03"
GROUP = Group.PRIVACY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_ADDRESSES = ("href", "src", "srcset", "background", "poster", "action", "data", "style")
_IN_STYLE = re.compile(r"url\([^)]*\)")
_OWN = re.compile(r"\{\{ (?:unsubscribe_url|view_url) \}\}")


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such address."""
    document = context.document
    told_already = any(FIELD.search(shown.src) for shown in shown_pictures(context.issue))
    for element in document.root.iter():
        for attribute, address in _addresses(element):
            if (element.tag, attribute) == ("img", "src") and told_already:
                continue
            # The program's own addresses may stand at the beginning, and nowhere else.
            field = FIELD.search(_OWN.sub("", address, count=1) if _OWN.match(address) else address)
            if field and field[1] != "view_url":
                yield Problem(
                    f'"{field[0]}" makes this address another one for each reader',
                    "Give all readers the same address.",
                    *(document.place(element, attribute) or ()),
                )


def _addresses(element: Element) -> Iterator[tuple[str, str]]:
    if not isinstance(element.tag, str):
        return
    for attribute in _ADDRESSES:
        value = element.get(attribute)
        if not value or "{{" not in value:
            continue
        if attribute == "style":
            yield from ((attribute, url) for url in _IN_STYLE.findall(value))
        elif not value.lower().lstrip().startswith("mailto:"):
            yield attribute, value.strip()
