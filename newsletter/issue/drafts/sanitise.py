"""HTML of strangers → a tree without anything that runs, hides, counts or asks.

Nothing of it is ever shown as HTML: only its words, links and pictures are taken out. So this
keeps what no reader of the page saw out of the issue, and a hostile file from costing time.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.issue.drafts.blocks import Remark

if TYPE_CHECKING:
    from lxml.etree import Element

LARGEST = 10_000_000
"""Characters of a page that are read."""

_LINES = 200_000
_ELEMENTS = 200_000  # long pages of newspapers have 5,000
_DEPTH = 500  # and 40; browsers stop at 512
# Attributes of one tag: libxml2 2.14 takes the square of the time for them (2026-11: 0.4 s for
# 20,000, 11 s for 100,000). Real tags have 20.
_ATTRIBUTES = 2_000
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_TAG = re.compile(
    rf"<[A-Za-z][^\s/>]*+(?:(?P<many>(?:{_ATTRIBUTE}){{{_ATTRIBUTES}}}+)|(?:{_ATTRIBUTE})*+)"
)

_CONTROL = re.compile("[\0-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SILENT = {
    *("base", "head", "link", "meta", "style", "title", "template", "noscript", "svg", "xml"),
    *("script", "object", "embed", "applet", "canvas", "map", "param", "noframes"),
    *("input", "select", "option", "textarea", "button", "datalist", "progress", "meter"),
}
_MEDIA = {"iframe", "video", "audio", "frame"}
_LABELS = {"script": "scripts", "button": "buttons", "input": "forms", "textarea": "forms"}
_HIDDEN = re.compile(r"(?i)(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)")
_FORM_TEXT = 400  # some sites put the whole page into one form


def parse(html: str) -> Element:
    """The tree of a page, with lower-case tags and without comments.

    Raises:
        NewsletterError: It is too large or has too many tags or attributes, or nothing is in it.
    """
    from lxml import etree

    if len(html) > LARGEST or html.count("\n") > _LINES:
        raise NewsletterError(
            f"the page has more than {LARGEST // 1_000_000} MB or {_LINES:,} lines; it is not read",
            "Copy the text that you need into a document, and import that.",
        )
    if any(tag["many"] for tag in _TAG.finditer(html)):
        raise NewsletterError(
            f"the page has a tag with more than {_ATTRIBUTES:,} attributes; it is not read",
            "Open it in a browser, copy its text into a document, and import that.",
        )
    # huge_tree: up to 2,048 levels instead of 256; what is deeper, lxml 6 cuts off silently.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    data = _CONTROL.sub("", html.lstrip("\ufeff")).encode()
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except etree.ParserError:
        root = None
    is_cut_off = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    if root is None:
        raise NewsletterError("there is nothing in the page", "Save it again, and import that.")
    if is_cut_off or _is_excessive(root):
        raise NewsletterError(
            f"the page has more than {_ELEMENTS:,} tags, or tags nested more than {_DEPTH} deep; "
            "it is not read",
            "Open it in a browser, copy its text into a document, and import that.",
        )
    return root


def _is_excessive(root: Element) -> bool:
    from lxml import etree

    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > _DEPTH or count > _ELEMENTS:
            return True
    return False


def clean(root: Element) -> tuple[Counter[str], list[Remark]]:
    """Take out of a tree what a reader does not see or what is no text.

    Returns:
        How many of what were taken out that a reader may have seen, and media to speak of.
    """
    left: Counter[str] = Counter()
    media: list[Remark] = []
    for element in list(root.iter()):
        tag = element.tag
        if tag in _MEDIA:
            media += _media(element)
            remove(element)
        elif tag in _SILENT:
            if tag in _LABELS:
                left[_LABELS[tag]] += 1
            remove(element)
        elif tag == "img" and _is_pixel(element):
            left["tracking pixels"] += 1
            remove(element)
        elif _is_hidden(element) and element.getparent() is not None:
            left["hidden parts"] += bool("".join(element.itertext()).strip())
            remove(element)
        elif tag == "form" and text_length(element, _FORM_TEXT) < _FORM_TEXT:
            left["forms"] += 1
            remove(element)
    return left, media


def text_length(element: Element, most: int) -> int:
    """How many characters of text an element has; counting ends at ``most``."""
    length = 0
    for text in element.itertext():
        length += len(text.strip())
        if length >= most:
            break
    return length


def remove(element: Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is not None:
        _append(parent, parent.index(element), element.tail)
        element.tail = None
        parent.remove(element)


def unwrap(element: Element) -> None:
    """Take an element's tags away; its content stays."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    _append(parent, at, element.text)
    children = list(element)
    for offset, child in enumerate(children):
        parent.insert(at + offset, child)
    _append(parent, at + len(children), element.tail)
    parent.remove(element)


def _append(parent: Element, at: int, text: str | None) -> None:
    """Put text before the child at an index."""
    if not text:
        return
    if at:
        before = parent[at - 1]
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _is_hidden(element: Element) -> bool:
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").lower() == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _is_pixel(image: Element) -> bool:
    sizes = {(image.get(name) or "").strip().removesuffix("px") for name in ("width", "height")}
    style = re.sub(r"\s", "", image.get("style") or "").lower()
    return bool(sizes & {"0", "1"}) or bool(re.search(r"(?:^|;)(?:width|height):[01]px", style))


def _media(element: Element) -> list[Remark]:
    source = element.get("src") or next(
        (child.get("src") or "" for child in element.iter("source")), ""
    )
    if not re.match(r"(?i)(?:https?:)?//", source):
        return []
    what = {"video": "a video", "audio": "a recording"}.get(element.tag, "an embedded page")
    said = f"{what} is left out: {source[:200]}"
    hint = "Mail cannot show it; link to it if readers need it."
    return [Remark(element.sourceline or 1, "embedded-media", said, hint)]
