"""Drawings for classic Outlook that say nothing, or shut in links and headlines.

What: a VML shape (``<v:rect>``, ``<v:roundrect>``, ``<v:image>`` …) without ``alt``; a link or a
headline inside one, be it written for Outlook alone or for everybody.

Why: to a screen reader a drawing is a picture. Without ``alt`` it says "shape"; what is inside
cannot be reached with the keyboard, and headlines in it are no headlines.

Source: Parcel, "Is VML accessible?" and the rules of its accessibility checker (2023), critical.

Bad::

    html: |
      <div><!--[if mso]><v:rect fill="true"><v:fill src="https://example.com/sea.jpg"/>
      <v:textbox><![endif]--><h2>The ferry is back</h2>
      <!--[if mso]></v:textbox></v:rect><![endif]--></div>

Good::

    html: |
      <div><!--[if mso]><v:rect alt="" fill="true"><v:fill src="https://example.com/sea.jpg"/>
      <v:textbox><![endif]--><p>The ferry is back.</p>
      <!--[if mso]></v:textbox></v:rect><![endif]--></div>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "A12"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_SHAPES = "(?:rect|roundrect|oval|shape|image|line|polyline|arc|curve)"
_TAG = re.compile(
    rf"<(?P<close>/?)(?:v:(?P<shape>{_SHAPES})|(?P<inner>a|h[1-6]))\b"
    r"(?P<said>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>",
    re.IGNORECASE,
)
_ALT = re.compile(r"\balt\s*=", re.IGNORECASE)
_LEADS = re.compile(r"\bhref\s*=", re.IGNORECASE)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def check(context: Context) -> Iterator[Problem]:
    """At most one problem of each kind, at the first place."""
    document = context.document
    told = set()
    for message, element in _problems(document.root):
        if message not in told:
            told.add(message)
            yield Problem(message, _HINTS[message], *(document.place(element) or ()))


_NO_ALT = "a drawing for classic Outlook has no alt attribute"
_A_LINK = "a drawing for classic Outlook is a link, or has one inside"
_A_HEADLINE = "a drawing for classic Outlook has a headline inside"
_HINTS = {
    _NO_ALT: 'In the template, write alt="" on the VML shape, or what it shows.',
    _A_LINK: "In the template, make the button of a table cell: keyboards cannot reach this one.",
    _A_HEADLINE: "In the template, put the headline before or behind the drawing.",
}


def _problems(root: Element) -> Iterator[tuple[str, Element]]:
    depth = 0
    for node in root.iter():
        if isinstance(node.tag, str):
            if depth and node.tag == "a" and node.get("href"):
                yield _A_LINK, node
            elif depth and node.tag in _HEADINGS:
                yield _A_HEADLINE, node
            continue
        text = node.text or ""
        if "v:" not in text.lower():
            continue
        for tag in _TAG.finditer(text):
            if tag["shape"]:
                if tag["close"]:
                    depth = max(depth - 1, 0)
                    continue
                depth += not tag["empty"]
                if not _ALT.search(tag["said"]):
                    yield _NO_ALT, node
                if _LEADS.search(tag["said"]):
                    yield _A_LINK, node
            elif depth and not tag["close"]:
                if tag["inner"].lower() != "a":
                    yield _A_HEADLINE, node
                elif _LEADS.search(tag["said"]):
                    yield _A_LINK, node
