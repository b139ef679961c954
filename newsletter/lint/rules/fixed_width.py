"""A letter that does not fit a telephone without its style sheet.

What: a table, picture or block with a fixed width of more than 280 pixels in its attributes or its
``style``, and no ``max-width`` there that lets it shrink. What only classic Outlook reads may be
as wide as it likes. A picture or table that says ``width:100%`` in its ``style`` is fine.

Why: the Gmail app drops style sheets in mail of other providers, and so do many programs when a
letter is forwarded. What only ``@media`` makes narrow stays wide there: the text is shown tiny, or
has to be pushed from side to side.

Source: caniemail, html-style, note 2; email-guidelines: readable without ``<style>``, from 280
pixels. It is read from the HTML, not measured in a browser, so words without a space and rows of
several columns are not found.

Bad::

    html: <table width="600"><tr><td>The ferry is back.</td></tr></table>

Good::

    html: |
      <table width="100%" style="max-width:600px"><tr><td>The ferry is back.</td></tr></table>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.caniemail import css
from newsletter.lint.rule import Context, Group, Problem, Target

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "C11"
GROUP = Group.CLIENTS
SEVERITY = Severity.WARNING
TARGET = Target.EDITION

NARROWEST = 280
"""Pixels: the inside of a letter on the narrowest telephones."""

# The width of a cell is a wish: a table that is narrower makes its cells narrower.
_CELLS = frozenset({"td", "th", "tr", "tbody", "col", "colgroup"})
_SIZED = frozenset({"table", "img", "hr", "video", "iframe"})
_PIXELS = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*(?:!.*)?$", re.IGNORECASE)


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first thing that is too wide."""
    document = context.document
    wide = [
        (element, width)
        for element in document.root.iter()
        if isinstance(element.tag, str)
        and element.tag not in _CELLS
        and (width := _fixed(element)) > NARROWEST
        and not _is_hidden(element)
    ]
    if wide:
        element, width = wide[0]
        more = f", as are {len(wide) - 1} more" if len(wide) > 1 else ""
        yield Problem(
            f"<{element.tag}> is {width:g} pixels wide{more}: without its style sheet the letter "
            "does not fit a telephone",
            f'In the template, write style="width:100%; max-width:{width:g}px".',
            *(document.place(element) or ()),
        )


def _fixed(element: Element) -> float:
    """Pixels below which an element does not shrink; 0 if it does."""
    said = {one.property: one.value for one in css.declarations(element.get("style") or "")}
    at_least = _pixels(said.get("min-width", ""))
    limit = said.get("max-width", "")
    if limit.endswith("%") or 0 < _pixels(limit) <= NARROWEST:
        return at_least
    attribute = (element.get("width") or "") if element.tag in _SIZED else ""
    return max(at_least, _pixels(said.get("width", attribute)))


def _pixels(length: str) -> float:
    found = _PIXELS.match(length)
    return float(found[1]) if found else 0


def _is_hidden(element: Element) -> bool:
    around = (element, *element.iterancestors())
    return any(
        (one.property, one.value) == ("display", "none")
        for each in around
        for one in css.declarations(each.get("style") or "")
    )
