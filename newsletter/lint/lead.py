"""What stands, hidden, before the first words of a letter: the preheader and its padding."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from newsletter.lint.styles import NOT_READ, Style, styles

if TYPE_CHECKING:
    from lxml.etree import Element


@functools.lru_cache(maxsize=1)  # several rules ask in turn, for one letter
def lead(root: Element) -> tuple[Element, ...]:
    """The hidden elements with text before the first words that readers see, the outermost ones.

    Inboxes show their text behind the subject, and then go on with the letter.

    Args:
        root: ``<html>``.
    """
    looks = styles(root)
    found: list[Element] = []
    for body in root.iter("body"):
        for element in _pieces(body, looks):
            if not looks[element].is_hidden:
                break
            found.append(element)
    return tuple(found)


def lead_text(root: Element) -> str:
    """The text of the lead; white space in a row is one space, but for what pads it."""
    text = "".join(part for element in lead(root) for part in element.itertext())
    return re.sub(r"[ \t\r\n\f]+", " ", text)


def _pieces(element: Element, looks: Mapping[Element, Style]) -> Iterator[Element]:
    """For each piece of text the element around it, or the outermost hidden one; in order."""
    if element.text and element.text.strip():
        yield element
    for inner in element:
        if isinstance(inner.tag, str) and inner.tag not in NOT_READ:
            if not looks[inner].is_hidden:
                yield from _pieces(inner, looks)
            elif "".join(inner.itertext()).strip():
                yield inner
        if inner.tail and inner.tail.strip():
            yield element
