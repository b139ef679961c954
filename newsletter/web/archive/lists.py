"""The archive's own pages: lists of issues and of headlines, and what a search found."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.render.language import Direction, direction
from newsletter.web.archive import names
from newsletter.web.archive.addresses import Addresses
from newsletter.web.archive.around import Around, around_list
from newsletter.web.archive.collection import Collection, by_year
from newsletter.web.archive.entry import Entry
from newsletter.web.archive.page import keep_to_itself
from newsletter.web.archive.resource import HTML, NEVER, Resource

if TYPE_CHECKING:
    from newsletter.project import Project
    from newsletter.web.archive.search import Found

FOLDER = "web/archive"
"""Where the templates of these pages are, among the templates."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a list's template knows of itself: ``issue`` in the parts that all pages share.

    Attributes:
        language: BCP 47 tag.
        dir: ``ltr`` or ``rtl``.
        url: Its whole address, or empty.
    """

    language: str
    dir: Direction
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """An issue in a list.

    Attributes:
        href: Relative link to it.
        title: Its headline.
        preheader: The line behind its subject.
        date: The day.
        date_line: The day in words.
        language: BCP 47 tag.
        dir: ``ltr`` or ``rtl``.
        headlines: Of its stories.
        others: The same issue in other languages.
    """

    href: str
    title: str
    preheader: str
    date: datetime.date
    date_line: str
    language: str
    dir: Direction
    headlines: tuple[str, ...]
    others: tuple[Item, ...] = ()


class Lists:
    """Makes the lists of one archive.

    Args:
        project: The newsletter.
        collection: Its issues.
        addresses: Where the archive is.
        search: Whether a server answers searches.
        modified: When any of the sources last changed.
    """

    def __init__(
        self,
        project: Project,
        collection: Collection,
        addresses: Addresses,
        *,
        search: bool,
        modified: datetime.datetime | None = None,
    ) -> None:
        self._project = project
        self._collection = collection
        self._addresses = addresses
        self._search = search
        self._modified = modified

    def issues(self, language: str = "") -> Resource:
        """The list of issues by year, of one language or of all."""
        return self._list("index", language, headlines=False)

    def headlines(self, language: str = "") -> Resource:
        """The list of all headlines, to be searched with the browser's own search."""
        return self._list("headlines", language, headlines=True)

    def found(self, found: Found | None) -> Resource:
        """The page that searches.

        Args:
            found: What was found; None if nothing was asked yet. What was asked is not shown:
                nobody can put words of their own on this page.
        """
        around = self._around("", headlines=False)
        around = dataclasses.replace(around, noindex=True, languages=(), feeds=())
        hits: list[dict[str, Any]] = []
        for hit in found.hits if found else ():
            entry = self._collection.get(hit.slug)
            if entry is not None:
                hits.append({"item": self._item(entry), "parts": hit.parts})
        context = {
            "asked": found is not None,
            "hits": hits,
            "found": around.words.found.replace("{number}", f"{found.total:,}") if found else "",
            "earlier": found.earlier if found else "",
            "more": found.more if found else "",
        }
        page = self._render("search", "", around, context, forms=True, url="")
        return dataclasses.replace(page, cache=NEVER, modified=None)

    def _list(self, template: str, language: str, *, headlines: bool) -> Resource:
        entries = self._collection.of(language)
        years = [
            (year, [self._item(entry, others=not language) for entry in of_year])
            for year, of_year in by_year(entries)
        ]
        name = (names.headlines if headlines else names.index)(language)
        return self._render(
            template,
            language,
            self._around(language, headlines=headlines),
            {"years": years},
            forms=self._search,
            url=self._addresses.at(name),
        )

    def _around(self, language: str, *, headlines: bool) -> Around:
        return around_list(
            language, self._collection, self._addresses, search=self._search, headlines=headlines
        )

    def _item(self, entry: Entry, *, others: bool = True) -> Item:
        siblings: Sequence[Entry] = self._collection.siblings(entry) if others else ()
        return Item(
            href=self._addresses.href(entry.slug),
            title=entry.title,
            preheader=entry.preheader,
            date=entry.date,
            date_line=entry.date_line(),
            language=entry.language,
            dir=entry.direction,
            headlines=entry.headlines,
            others=tuple(self._item(other, others=False) for other in siblings),
        )

    def _render(
        self,
        template: str,
        language: str,
        around: Around,
        context: Mapping[str, Any],
        *,
        forms: bool,
        url: str,
    ) -> Resource:
        from newsletter.render.templates import Templates
        from newsletter.render.tree import parse, write
        from newsletter.render.web import PAGE_ENDING
        from newsletter.render.web_page import protect

        project, language = self._project, language or self._collection.language
        templates = Templates(project.template_folders, PAGE_ENDING)
        values = {
            "publication": project.publication,
            "issue": Page(language, direction(language), url),
            "archive": around,
            **context,
        }
        root = parse(templates.render(f"{FOLDER}/{template}", values))
        protect(root)
        policy = keep_to_itself(root, forms=forms)
        return Resource(write(root).encode(), HTML, self._modified, policy=policy)
