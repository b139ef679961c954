"""The outermost elements of a letter, which mail programs put into a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.lint.document import Document

if TYPE_CHECKING:
    from lxml.etree import Element


def outermost(document: Document) -> list[Element]:
    """The children of ``<body>`` that readers read anything in: words or pictures."""
    return [
        element
        for body in document.root.iter("body")
        for element in body
        if isinstance(element.tag, str)
        and (document.text(element) or any(True for _ in element.iter("img")))
    ]


def loose_text(document: Document) -> str:
    """The beginning of the words that stand in ``<body>`` and in no element inside it."""
    for body in document.root.iter("body"):
        for text in (body.text, *(element.tail for element in body)):
            if text and text.strip():
                return " ".join(text.split())[:40]
    return ""
