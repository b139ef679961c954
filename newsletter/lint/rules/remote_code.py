"""Code and pages of others in a letter.

What: scripts (but for data, ``application/ld+json``), frames, forms, plug-ins, attributes such as
``onclick``, style sheets that are fetched from elsewhere, pages that send readers on.

Why: no mail program runs them, many refuse the whole letter, and the few that fetch anything tell
its server who reads. A form sends what readers type past everybody to somebody.

Source: caniemail, html-script, html-form and html-link; RFC 6973; the sanitisers of Gmail and
Outlook drop all of it.

Bad::

    html: <p>The ferry is back.</p><script src="https://example.com/count.js"></script>

Good::

    html: <p>The ferry is back.</p>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.remote import imported, linked
from newsletter.lint.rule import Context, Group, Problem, Target

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "V05"
GROUP = Group.PRIVACY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_NAMES = {
    "applet": "a plug-in",
    "embed": "a plug-in",
    "form": "a form",
    "frame": "a frame",
    "frameset": "a frame",
    "iframe": "a frame",
    "object": "a plug-in",
    "script": "a script",
}


def check(context: Context) -> Iterator[Problem]:
    """One problem for each kind of thing, at the first of it."""
    document = context.document
    told = set()
    for element in document.root.iter():
        for what in _found(element) if isinstance(element.tag, str) else ():
            if what not in told:
                told.add(what)
                yield Problem(
                    f"the letter has {what} in it",
                    "Take it out of the template, and link to a page instead."
                    if "style sheet" not in what
                    else "In the template, write the style sheet itself into <style>.",
                    *(document.place(element) or ()),
                )


def _found(element: Element) -> Iterator[str]:
    if element.tag in _NAMES and element.get("type") != "application/ld+json":
        yield f"{_NAMES[element.tag]}, <{element.tag}>,"
    for attribute in element.attrib:
        if attribute.startswith("on") and attribute.isalpha():
            yield f"a script, {attribute},"
    if element.tag == "link" and linked(element) - {"icon", "apple-touch-icon"}:
        yield f'a style sheet or file from elsewhere, <link rel="{element.get("rel")}">,'
    if element.tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
        yield "an order to go to another page, <meta http-equiv=refresh>,"
    if element.tag == "style" and any(imported(element)):
        yield "a style sheet from elsewhere, @import,"
