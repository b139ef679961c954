"""Finds where everything in the HTML of a letter comes from, and writes it there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from newsletter.render.galley import PLACE
from newsletter.render.marks import Marks

if TYPE_CHECKING:
    from lxml.etree import Element

    Note = tuple[Element, str, str]
    """An element, and the name and the value of the attribute that it gets."""

_NAME = re.compile(r"[a-z][a-z0-9-]*")


def notes(elements: Sequence[tuple[str, Element]], twin: Element, marks: Marks) -> list[Note]:
    """The ``data-place`` attributes of a letter.

    An element has the place that its words begin with, unless an element inside it has that.

    Args:
        elements: The letter's, in order, each with its tag.
        twin: The same letter made of marked values. If it has other elements, nothing is known.
        marks: The marks in it.
    """
    twins = list(twin.iter())
    if [tag for tag, _ in elements] != [other.tag for other in twins]:
        return []
    found: list[Note] = []
    begun: set[Element] = set()
    for (_, element), other in zip(elements, twins, strict=True):
        for owner, name, text in _texts(element, other):
            place = marks.place(text)
            if place is None or owner is None or (name == PLACE and owner in begun):
                continue
            found.append((owner, name, str(place)))
            if name == PLACE:
                begun.update((owner, *owner.iterancestors()))
    return found


def _texts(element: Element, twin: Element) -> Iterator[tuple[Element | None, str, str | None]]:
    """What stands in an element's attributes and before its children, and right behind it."""
    if isinstance(element.tag, str):  # not a comment
        yield element, PLACE, twin.text
        for name, value in twin.attrib.items():
            if _NAME.fullmatch(name):
                yield element, f"{PLACE}-{name}", value
    yield element.getparent(), PLACE, twin.tail


def annotate(root: Element, notes: Sequence[Note]) -> None:
    """Write the notes of a letter into it."""
    for element in root.iter():
        for name in [name for name in element.attrib if name.startswith(PLACE)]:
            del element.attrib[name]  # a template's own
    for element, name, place in notes:
        element.set(name, place)
