"""The tree of a web page: what only letters need is taken out, addresses and a policy put in.

Markdown gives HTML that mail programs understand. A page may say the same in today's HTML: places
to jump to by ``id`` alone, the alignment of a column by a class (a strict policy refuses ``style``
attributes), room for a picture before it is there.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newsletter.render.context import CONTENT_WIDTH
from newsletter.render.edition import EmbeddedImage

if TYPE_CHECKING:
    from lxml.etree import Element


def tidy(root: Element) -> None:
    """Turn what is there for mail programs into plain HTML (HTML Living Standard, 2026-11)."""
    for link in list(root.iter("a")):
        link.attrib.pop("name", None)
        # An anchor inside the element that has its name as id, or a link whose words were a merge
        # field: nobody could see or hear where it is.
        if not len(link) and not (link.text or "").strip() and not link.get("id"):
            _unwrap(link)
    for cell in [*root.iter("th"), *root.iter("td")]:
        aligned = re.fullmatch(r"text-align:(left|center|right)", cell.get("style") or "")
        if aligned:
            del cell.attrib["style"]
            cell.set("class", f"to-{aligned[1]}")
    for table in list(root.iter("table")):
        _frame(table)


def unlink(root: Element, is_dead: Callable[[str], bool]) -> None:
    """Leave of links that lead nowhere their words."""
    for link in list(root.iter("a")):
        if is_dead(link.get("href") or ""):
            _unwrap(link)


def place_pictures(
    root: Element,
    files: Mapping[str, EmbeddedImage],
    address: Callable[[EmbeddedImage], str],
    *,
    page_url: str,
) -> None:
    """Give pictures their addresses on the web, and the room that they will take.

    Args:
        root: The page.
        files: The project's pictures by what stands for them in ``src``.
        address: Where the page finds one.
        page_url: Address of the page, or empty; cards of messengers need whole addresses.
    """
    for picture in root.iter("img"):
        # A project's own template may say "100%".
        shown = int(width) if (width := picture.get("width") or "").isdecimal() else 0
        if shown == CONTENT_WIDTH:  # as wide as a letter's column: as wide as the page's
            picture.set("class", " ".join(filter(None, [picture.get("class"), "wide"])))
        image = files.get(picture.get("src") or "")
        if image is not None:
            picture.set("src", address(image))
            if shown and not picture.get("height"):
                across, down = _size(image)
                picture.set("height", str(max(1, round(shown * down / across))))
    cards = [meta for meta in root.iter("meta") if _property(meta).startswith("og:image")]
    url = next((card.get("content") or "" for card in cards if _property(card) == "og:image"), "")
    if url in files:
        url = urljoin(page_url, address(files[url]))
    for card in cards:
        if not re.match(r"(?i)https?://", url):
            _remove(card)
        elif _property(card) == "og:image":
            card.set("content", url)


def protect(root: Element) -> None:
    """Allow the page its own style sheets and pictures, and nothing else (CSP, level 3).

    A page whose template brings a policy of its own keeps that one.
    """
    metas = list(root.iter("meta"))
    if any((m.get("http-equiv") or "").lower() == "content-security-policy" for m in metas):
        return
    head = next(iter(root.iter("head")), None)
    if head is None:
        return
    styles = " ".join(_hashes(root)) or "'none'"
    policy = root.makeelement("meta")
    policy.set("http-equiv", "Content-Security-Policy")
    policy.set(
        "content",
        f"default-src 'none'; style-src {styles}; "
        "img-src 'self' https: data:; base-uri 'none'; form-action 'none'",
    )
    policy.tail = "\n"
    # Browsers look for the charset in the first 1024 bytes, and ask for it to be first.
    first = next((meta for meta in head if meta.tag == "meta" and meta.get("charset")), None)
    head.insert(0 if first is None else head.index(first) + 1, policy)


def _hashes(root: Element) -> Iterator[str]:
    for style in root.iter("style"):
        digest = hashlib.sha256((style.text or "").encode()).digest()
        yield f"'sha256-{base64.b64encode(digest).decode()}'"


def _property(meta: Element) -> str:
    return meta.get("property") or ""


def _size(image: EmbeddedImage) -> tuple[int, int]:
    # Imported here: 20 ms, and only pages with pictures need it.
    from PIL import Image

    with Image.open(BytesIO(image.data)) as opened:
        return opened.size


def _frame(table: Element) -> None:
    """Let a wide table move sideways by itself, also by keyboard; its headings name the frame."""
    parent = table.getparent()
    if parent is None:
        return
    frame = table.makeelement("div")
    frame.set("class", "table")
    frame.set("role", "region")
    frame.set("tabindex", "0")
    named = (" ".join("".join(cell.itertext()).split()) for cell in table.iter("th"))
    frame.set("aria-label", ", ".join(filter(None, named)) or "—")
    frame.tail, table.tail = table.tail, None
    parent.replace(table, frame)
    frame.append(table)


def _unwrap(element: Element) -> None:
    """Take an element away and leave what is in it."""
    parent = element.getparent()
    if parent is None:
        return
    at, inside = parent.index(element), list(element)
    _append_text(parent, at, element.text)
    last = inside[-1] if inside else None
    if last is None:
        _append_text(parent, at, element.tail)
    else:
        last.tail = (last.tail or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)
    for offset, child in enumerate(inside):
        parent.insert(at + offset, child)


def _append_text(parent: Element, at: int, text: str | None) -> None:
    """Put text in front of the child at a place."""
    if at == 0:
        parent.text = (parent.text or "") + (text or "")
    else:
        parent[at - 1].tail = (parent[at - 1].tail or "") + (text or "")


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
