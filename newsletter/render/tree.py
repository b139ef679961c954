"""HTML as a tree and back. The only file that knows how lxml reads and writes whole documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import Element

DOCTYPE = "<!doctype html>"


def parse(document: str) -> Element:
    """``<html>`` of a document or a piece of one; what is wrong in it is mended as libxml2 does."""
    # Imported here: 10 ms, and only rendering and linting need it.
    from lxml import etree

    root = etree.fromstring(document, etree.HTMLParser(encoding="utf-8"))
    # Nothing but comments or white space has no tree.
    return etree.Element("html") if root is None else root


def write(root: Element) -> str:
    """A whole document, with ``<!doctype html>`` at its top and a line feed at its end.

    Without that first line browsers and webmail fall into quirks mode.
    """
    from lxml import etree

    written: str = etree.tostring(
        root, method="html", encoding="unicode", doctype=DOCTYPE, with_tail=False
    )
    return written + "\n"
