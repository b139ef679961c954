"""An issue's page in the archive, its pictures, and what feeds and the search take from it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from newsletter.render.edition import EmbeddedImage
from newsletter.render.web import PICTURES, render_web
from newsletter.web.archive.addresses import Addresses
from newsletter.web.archive.around import Around
from newsletter.web.archive.entry import Entry
from newsletter.web.archive.page import keep_to_itself
from newsletter.web.archive.resource import FOR_EVER, HTML, Resource
from newsletter.web.archive.resource import PICTURES as TYPES

if TYPE_CHECKING:
    from lxml.etree import Element

    from newsletter.project import Project


@dataclass(frozen=True, slots=True)
class Article:
    """An issue as the archive gives it out.

    Attributes:
        page: Its page.
        pictures: Those beside it, by their names below the archive: ``pictures/SLUG/NAME``.
        content: What is inside ``<main>``, with whole addresses, for feeds; relative ones while
            the archive has no address.
        text: The words of ``<main>``, for the search.
    """

    page: Resource
    pictures: Mapping[str, Resource]
    content: str
    text: str

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about."""
        pictures = sum(len(picture.body) for picture in self.pictures.values())
        return len(self.page.body) + pictures + 2 * len(self.content) + 2 * len(self.text)


def make_article(
    project: Project,
    entry: Entry,
    around: Around,
    addresses: Addresses,
    modified: datetime.datetime | None = None,
) -> Article:
    """Render an issue for the archive. Equal input gives equal bytes.

    Its pictures stand below the archive, also those that letters load from ``assets_url``: who
    can read the page can see them, and nobody else learns of it.

    Args:
        project: The newsletter.
        entry: The issue.
        around: What stands around it.
        addresses: Where the archive is.
        modified: When its sources last changed.

    Raises:
        TemplateError: The template is wrong.
    """
    from newsletter.render.tree import parse, write

    folder = f"{PICTURES}/{entry.slug}"

    def picture_url(picture: EmbeddedImage) -> str:
        return quote(f"{folder}/{picture.filename}")

    url = addresses.issue(entry.slug)
    rendered = render_web(
        entry.manuscript,
        dataclasses.replace(project.publication, archive_url=_literal(url), assets_url=""),
        project.template_folders,
        root=project.root,
        picture_url=picture_url,
        picture_cache=project.picture_cache,
        archive=around,
    )
    root = parse(rendered.html)
    hosts = frozenset(project.settings.lint.own_hosts)
    policy = keep_to_itself(root, hosts=hosts)
    _place_card(root, url, addresses)
    page = Resource(write(root).encode(), HTML, modified, policy=policy)
    pictures = {
        f"{folder}/{name}": Resource(data, TYPES[ending], modified, FOR_EVER)
        for name, data in rendered.pictures.items()
        if (ending := PurePath(name).suffix.lower()) in TYPES
    }
    main = next(root.iter("main"), root)
    text = _words(main)
    return Article(page, pictures, _content(main, url, addresses), text)


def _literal(url: str) -> str:
    """An address that is the same for every issue."""
    return url.replace("{", "%7B").replace("}", "%7D")


def _place_card(root: Element, url: str, addresses: Addresses) -> None:
    """Pictures stand below the archive, also if an issue's own address looks like a folder."""
    for meta in root.iter("meta"):
        if meta.get("property") == "og:image":
            wrong, right = urljoin(url, f"{PICTURES}/"), addresses.at(f"{PICTURES}/")
            content = meta.get("content") or ""
            if content.startswith(wrong):
                meta.set("content", right + content.removeprefix(wrong))


def _content(main: Element, url: str, addresses: Addresses) -> str:
    """What is inside an element but its title, with whole addresses. The element is changed."""
    from lxml import etree

    for title in list(main.iter("h1")):
        above = title.getparent()
        if above is not None and not title.tail:
            above.remove(title)
        elif above is not None:
            title.text = None
            title.tag = "span"
    for element in main.iter():
        for name in ("href", "src"):
            target = element.get(name) if isinstance(element.tag, str) else None
            if target and addresses.root:
                whole = url + target if target.startswith("#") else urljoin(addresses.root, target)
                element.set(name, whole)
    parts = [main.text or ""]
    parts += [etree.tostring(child, method="html", encoding="unicode") for child in main]
    return "".join(parts).strip()


def _words(main: Element) -> str:
    """The words of an element, those of two blocks apart, and those of one as they stand."""
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(main, ("start", "end")):
        gap = "" if element.tag in _INLINE else " "
        parts += [gap, (element.text if event == "start" else element.tail) or ""]
    return " ".join("".join(parts).split())


_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "del", "em", "i", "s", "small", "span", "strong"}
    | {"sub", "sup", "time", "u"}
)
