"""A letter that does not say in which direction it is read.

What: an element right inside ``<body>`` without ``dir="ltr"``, ``"rtl"`` or ``"auto"``, or with
one that its ``lang`` is not written in; words in ``<body>`` outside of any element.

Why: a letter is shown inside a page of the mail program and takes the direction of that page. A
reader whose program speaks Arabic gets an English letter with the full stops on the wrong side.
What ``<html>`` and ``<body>`` say is dropped there.

Source: Email Markup Consortium, Accessibility Report 2025: missing in 98% of letters, serious.

Bad::

    html: <html dir="ltr"><body><div>The ferry is back.</div></body></html>

Good::

    html: <html dir="ltr"><body><div dir="ltr">The ferry is back.</div></body></html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.body import loose_text, outermost
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.render.language import direction

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "A01"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for the first element of each kind, for the letter as a whole."""
    document = context.document
    found = dict.fromkeys(filter(None, map(_wrong, outermost(document))))
    yield from (Problem(message, _HINT) for message in found)
    if loose := loose_text(document):
        yield Problem(
            f'"{loose}" stands in <body> outside of any element, so that nothing gives its '
            "direction",
            "In the template, put it into an element with lang and dir.",
        )


_HINT = 'In the template, write dir="{{ issue.dir }}" on each element right inside <body>.'


def _wrong(element: Element) -> str:
    said = (element.get("dir") or "").strip().lower()
    if said not in ("ltr", "rtl", "auto"):
        return f"a <{element.tag}> right inside <body> does not say the direction of its words"
    language = (element.get("lang") or "").strip()
    if language and said not in ("auto", direction(language)):
        return f'a <{element.tag}> says dir="{said}", which lang="{language}" is not written in'
    return ""
