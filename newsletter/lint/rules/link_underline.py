"""Links that only their colour tells from the text around them.

What: links in running text without an underline, unless they have a line below, another ground,
other weight or size, or a colour whose contrast to the text around them is at least 3:1.

Why: one man in twelve does not see the difference between red and green, or between blue and
violet. For him there is no link.

Source: WCAG 2.2, 1.4.1 and technique G183; Email Markup Consortium, Accessibility Report 2025: 17%
of letters.

Bad::

    html: |
      <p style="color:#333333">See the <a href="https://example.com/t"
      style="color:#0b5c6b; text-decoration:none">timetable</a> for Friday.</p>

Good::

    html: |
      <p style="color:#333333">See the <a href="https://example.com/t"
      style="color:#0b5c6b">timetable</a> for Friday.</p>
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import Style, styles
from newsletter.render.colour import contrast

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "A11"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.WARNING
TARGET = Target.EDITION

DISTINCT = 3.0
"""Least contrast of a link's colour to that of the text around it (technique G183)."""

_IN_LINE = frozenset({"b", "em", "font", "i", "small", "span", "strong"})


def check(context: Context) -> Iterator[Problem]:
    """At most one problem: the first such link, with their number."""
    document = context.document
    looks = styles(document.root)
    found = [
        link
        for link in document.root.iter("a")
        if link.get("href") and not looks[link].is_hidden and _is_lost(link, looks)
    ]
    if found:
        who = "a link differs" if len(found) == 1 else f"{len(found)} links differ"
        yield Problem(
            f"{who} from the text around by nothing but colour",
            "In the template, underline links in running text.",
            *(document.place(found[0], "href") or ()),
        )


def _is_lost(link: Element, looks: Mapping[Element, Style]) -> bool:
    look = looks[link]
    inside = [inner for inner in link.iter() if isinstance(inner.tag, str)]
    if any(looks[one].is_underlined or looks[one].has_line or one.tag == "img" for one in inside):
        return False
    around = link.getparent()
    while around is not None and around.tag in _IN_LINE:
        around = around.getparent()
    if around is None or not _has_words_of_its_own(around, link):
        return False
    beside = looks[around]
    if look.display not in ("", "inline") or look.ground != beside.ground:
        return False
    if (look.is_bold, look.size) != (beside.is_bold, beside.size):
        return False
    colour = next((looks[one].colour for one in reversed(inside) if _words(one.text)), look.colour)
    if colour is None or beside.colour is None:
        return False
    return contrast(colour, beside.colour) < DISTINCT


def _has_words_of_its_own(block: Element, link: Element) -> bool:
    """Whether words stand in a block, or in what stands in its lines, that belong to no link."""
    return _words(block.text) or any(
        _words(inner.tail) or (inner.tag in _IN_LINE and inner is not link and _words(inner.text))
        for inner in block
    )


def _words(text: str | None) -> bool:
    return bool(text and any(character.isalpha() for character in text))
