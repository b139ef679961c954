"""What a mail program fetches by itself when it shows a letter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.lint.caniemail import css
from newsletter.lint.caniemail.features import images

if TYPE_CHECKING:
    from lxml.etree import Element

_FETCHED = frozenset({"audio", "embed", "frame", "iframe", "input", "script", "track", "video"})
_LINKED = frozenset(
    {"apple-touch-icon", "dns-prefetch", "icon", "import", "modulepreload", "preconnect"}
    | {"prefetch", "preload", "prerender", "stylesheet"}
)


def resources(root: Element) -> Iterator[tuple[Element, str, str]]:
    """Each address that is fetched: the element, its attribute, the address.

    Addresses inside the message (``cid:``, ``data:``) are left out. For a style sheet the
    attribute is ``style``.

    Args:
        root: ``<html>``.
    """
    for element in root.iter():
        if isinstance(element.tag, str):
            for attribute, address in _of(element):
                if address.lower().startswith(("http://", "https://", "//")):
                    yield element, attribute, address


def linked(element: Element) -> frozenset[str]:
    """What a ``<link>`` is for, of those kinds that are fetched or make a connection."""
    return _LINKED.intersection((element.get("rel") or "").lower().split())


def imported(style: Element) -> Iterator[str]:
    """The addresses of the style sheets that a ``<style>`` imports."""
    return (block.imported for block in css.blocks(style.text or "") if block.imported)


def _of(element: Element) -> Iterator[tuple[str, str]]:
    yield from images(element)
    if element.tag in _FETCHED and element.get("src"):
        yield "src", (element.get("src") or "").strip()
    if element.tag == "object" and element.get("data"):
        yield "data", (element.get("data") or "").strip()
    if element.tag == "link" and linked(element):
        yield "href", (element.get("href") or "").strip()
    if element.tag == "style":
        for block in css.blocks(element.text or ""):
            urls = (url for one in block.declarations for url in one.urls)
            for address in (*imported(element), *block.fonts, *urls):
                yield "style", address
