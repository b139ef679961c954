"""Which part of a published page is the article, and what its head says about it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newsletter.issue.drafts.blocks import Block, BlockKind
from newsletter.issue.drafts.html_blocks import TITLE
from newsletter.issue.drafts.sanitise import remove

if TYPE_CHECKING:
    from lxml.etree import Element

_MOST = 0.6  # of the text of all articles: then one is the article, the others are teasers
_FURNITURE = {
    "nav": "navigation",
    "aside": "side boxes",
    "footer": "the footer",
    "header": "the header",
    "dialog": "dialogs",
}
_ROLES = {
    "navigation": "navigation",
    "complementary": "side boxes",
    "contentinfo": "the footer",
    "banner": "the header",
    "search": "forms",
    "dialog": "dialogs",
}
_CLUTTER = {
    **dict.fromkeys(("share", "sharing", "social", "sharedaddy", "addtoany"), "share links"),
    **dict.fromkeys(("breadcrumb", "breadcrumbs", "pagination", "skip"), "navigation"),
    **dict.fromkeys(("related", "recommended", "trending"), "related links"),
    **dict.fromkeys(("cookie", "cookies", "consent"), "cookie notices"),
    **dict.fromkeys(("advert", "advertisement", "ads", "ad"), "advertisements"),
}
_DATES = (
    "article:published_time",
    "date",
    "dc.date",
    "dcterms.created",
    "pubdate",
    "datepublished",
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEB = re.compile(r"(?i)https?://[^/\s]")


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says.

    Attributes:
        title: Of the article if it says so, else of the page.
        title_line: Where.
        date: ISO 8601, or empty.
        date_line: Where.
        address: Web address of the page, or empty.
        is_page: Whether it was made to be published.
    """

    title: str = ""
    title_line: int = 1
    date: str = ""
    date_line: int = 1
    address: str = ""
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """The part of a page to read.

    Attributes:
        root: Its element.
        blocks: What the head of the page says about it.
        left: What was left out.
    """

    root: Element
    blocks: tuple[Block, ...] = ()
    left: Counter[str] = field(default_factory=Counter)


def head(root: Element) -> Head:
    """What the head of a page says, before ``sanitise.clean`` takes it away."""
    metas = {
        (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): meta
        for meta in reversed(list(root.iter("meta")))
    }
    titled = metas.get("og:title")
    title = _line(titled.get("content")) if titled is not None else ""
    if not title:
        titled = next(root.iter("title"), None)
        title = _line("".join(titled.itertext())) if titled is not None else ""
    date, date_line = _date(root, metas)
    return Head(
        title,
        (titled.sourceline or 1) if titled is not None else 1,
        date,
        date_line,
        _address(root, metas),
        any(name.startswith("og:") for name in metas)
        or any(True for _ in root.iter("article", "main", "nav", "header", "footer", "aside"))
        or any(element.get("role") == "main" for element in root.iter()),
    )


def find(root: Element, said: Head) -> Article:
    """The article of a page; all of a page that was not made to be published."""
    left: Counter[str] = Counter()
    if said.is_page:
        root, left = _article(root)
    return Article(root, tuple(_head_blocks(root, said)), left)


def _head_blocks(root: Element, said: Head) -> list[Block]:
    blocks = []
    if said.date:
        blocks.append(Block(BlockKind.FIELD, said.date, said.date_line, key="date"))
    title = _headline(root, said)
    if title:
        blocks.append(Block(BlockKind.TITLE, title, said.title_line))
    return blocks


def _headline(root: Element, said: Head) -> str:
    """The title, if it does not stand in the article already; else it is marked there."""
    title = _folded(said.title)
    for element in islice(root.iter("h1", "h2", "h3", "p"), 5):
        text = _folded("".join(element.itertext()))
        # "The harbour opens again - Example Weekly": the page's title often names the site, too.
        if text and (text == title or title.startswith(f"{text} ")):
            if element.tag == "h1":
                element.set("class", TITLE)
            return ""
    return said.title


def _article(root: Element) -> tuple[Element, Counter[str]]:
    left: Counter[str] = Counter()
    whole = root
    main = next((e for e in root.iter() if e.tag == "main" or e.get("role") == "main"), root)
    _remove_furniture(main, _measured(main), left)
    root = _largest(main)
    for outer in whole.iter():
        label = _label(outer)
        if label and outer is not root and not _is_around(outer, root):
            left[label] += 1
    return root, left


def _largest(main: Element) -> Element:
    """The article in which nearly all text stands, or the element that holds them all."""
    sizes = _measured(main)
    articles = set(main.iter("article"))
    outermost = {e: sizes[e].text for e in articles if articles.isdisjoint(e.iterancestors())}
    if outermost:
        largest = max(outermost, key=lambda element: outermost[element])
        if outermost[largest] >= _MOST * sum(outermost.values()):
            return largest
        return main
    if main.tag == "main" or main.get("role") == "main":
        return main
    return _most_paragraphs(main, sizes)


def _most_paragraphs(root: Element, sizes: dict[Element, _Size]) -> Element:
    """Where most text in paragraphs stands; the root if that is not one place."""
    held: dict[Element, int] = {}
    total = 0
    for paragraph in root.iter("p"):
        size = sizes[paragraph].text
        total += size
        parent = paragraph.getparent()
        if parent is not None:
            held[parent] = held.get(parent, 0) + size
    best = max(held, key=lambda element: held[element], default=root)
    return best if held and held[best] >= 0.8 * total else root


def _remove_furniture(root: Element, sizes: dict[Element, _Size], left: Counter[str]) -> None:
    for element in list(root.iter()):
        if element is root or element.getparent() is None:
            continue
        label = _label(element)
        is_own = element.tag in {"header", "footer"} and any(
            outer.tag in {"article", "section", "main"} for outer in element.iterancestors()
        )
        if (label and not is_own) or (label := _clutter(element, sizes[element])):
            left[label] += 1
            remove(element)


def _label(element: Element) -> str:
    return _ROLES.get((element.get("role") or "").lower(), "") or _FURNITURE.get(element.tag, "")


def _clutter(element: Element, size: _Size) -> str:
    """What an element is by its class, if it also holds little but links."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    if not named.strip():
        return ""
    label = next((_CLUTTER[word] for word in re.split(r"[\W_]+", named) if word in _CLUTTER), "")
    is_mostly_links = size.linked * 2 >= size.text or label == "cookie notices"
    return label if label and is_mostly_links and not size.has_headline else ""


def _is_around(outer: Element, inner: Element) -> bool:
    return any(element is outer for element in inner.iterancestors())


@dataclass(slots=True)
class _Size:
    """How much stands in an element: characters, those in links, and whether a main headline."""

    text: int = 0
    linked: int = 0
    has_headline: bool = False


def _measured(root: Element) -> dict[Element, _Size]:
    """The sizes of all elements, in one pass from the leaves up."""
    sizes: dict[Element, _Size] = {}
    for element in reversed(list(root.iter())):
        size = sizes.setdefault(element, _Size())
        size.text += len((element.text or "").strip())
        if element.tag == "a":
            size.linked = size.text
        size.has_headline |= element.tag in {"article", "h1"}
        outer = element.getparent()
        if element is not root and outer is not None:
            around = sizes.setdefault(outer, _Size())
            around.text += size.text + len((element.tail or "").strip())
            around.linked += size.linked
            around.has_headline |= size.has_headline
    return sizes


def _date(root: Element, metas: dict[str, Element]) -> tuple[str, int]:
    said = [(metas[name], metas[name].get("content") or "") for name in _DATES if name in metas]
    said += [(time, time.get("datetime") or "") for time in root.iter("time")]
    for element, text in said:
        if found := _DATE.match(text.strip()):
            return found[0], element.sourceline or 1
    return "", 1


def _address(root: Element, metas: dict[str, Element]) -> str:
    canonical = next(
        (e for e in root.iter("link") if (e.get("rel") or "").lower() == "canonical"), None
    )
    places = [
        canonical.get("href") if canonical is not None else None,
        metas["og:url"].get("content") if "og:url" in metas else None,
    ]
    address = next((place.strip() for place in places if place and _WEB.match(place.strip())), "")
    base = next(root.iter("base"), None)
    if base is not None:
        address = _joined(address, (base.get("href") or "").strip())
    return address if _WEB.match(address) else ""


def _joined(address: str, base: str) -> str:
    try:
        return urljoin(address, base)
    except ValueError:
        return address


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
