"""The archive as a whole: which addresses there are, and what each answers."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from newsletter.web.archive import names
from newsletter.web.archive.addresses import Addresses
from newsletter.web.archive.around import around_entry
from newsletter.web.archive.article import Article, make_article
from newsletter.web.archive.atom import atom
from newsletter.web.archive.collection import Collection, latest_change
from newsletter.web.archive.entry import Entry
from newsletter.web.archive.feed import LENGTH, FeedContent, FeedItem, feed_id
from newsletter.web.archive.json_feed import json_feed
from newsletter.web.archive.lists import Lists
from newsletter.web.archive.resource import Resource
from newsletter.web.archive.rss import rss
from newsletter.web.archive.shelf import Shelf
from newsletter.web.archive.sitemap import robots, sitemap

if TYPE_CHECKING:
    from newsletter.project import Project

_WRITERS: dict[str, Callable[[FeedContent], bytes]] = {
    names.ATOM.name: atom,
    names.RSS.name: rss,
    names.JSON.name: json_feed,
}


class Site:
    """The archive of one moment. Pages are made when they are asked for, and kept.

    Nothing is looked up on disk by a name that somebody asked for: there is a list of names, and
    what is not in it does not exist.

    Args:
        project: The newsletter.
        collection: Its issues.
        addresses: Where the archive is.
        search: Whether a server answers searches.
        modified: When a source of an issue's page last changed; None if that is not known.
        shelf: Where articles are kept; one of its own if there is none.
        look: Stands for all that pages are made of beside the issues: templates, pictures. What is
            on the shelf is used again only with an equal look.
    """

    def __init__(
        self,
        project: Project,
        collection: Collection,
        addresses: Addresses,
        *,
        search: bool = False,
        modified: datetime.datetime | None = None,
        shelf: Shelf | None = None,
        look: str = "",
    ) -> None:
        self.collection = collection
        self.addresses = addresses
        self.search = search
        self.lists = Lists(project, collection, addresses, search=search, modified=modified)
        self._project = project
        self._modified = modified
        self._shelf = shelf or Shelf()
        self._look = look
        self._keys: dict[str, str] = {}
        self._pages: dict[str, Resource] = {}
        self._makers = dict(self._own_pages())

    def all_names(self) -> Iterator[str]:
        """The names of all pages below the archive, but for pictures."""
        yield from self.own_names()
        yield from (f"{entry.slug}.html" for entry in self.collection.entries)

    def own_names(self) -> Iterator[str]:
        """The names of lists, feeds and what search engines read."""
        yield from self._makers

    def kept(self, name: str) -> Resource | None:
        """What is at a name if it was made already; it takes no time."""
        page = self._pages.get(name)
        if page is not None:
            return page
        slug, is_picture = _slug_of(name)
        key = self._keys.get(slug)
        article = self._shelf.kept(key) if key else None
        if article is None or name in self._makers:
            return None
        return article.pictures.get(name) if is_picture else article.page

    def get(self, name: str) -> Resource | None:
        """What is at a name below the archive, or None.

        Args:
            name: ``index.html``, ``2026-11-20.html``, ``pictures/2026-11-20/NAME`` …

        Raises:
            TemplateError: A template is wrong.
        """
        if (kept := self.kept(name)) is not None:
            return kept
        if name in self._makers:
            self._pages[name] = self._makers[name]()
            return self._pages[name]
        slug, is_picture = _slug_of(name)
        entry = self.collection.get(slug)
        if entry is None:
            return None
        article = self.article(entry)
        return article.pictures.get(name) if is_picture else article.page

    def article(self, entry: Entry) -> Article:
        """An issue with its pictures.

        Raises:
            TemplateError: Its template is wrong.
        """
        around = around_entry(entry, self.collection, self.addresses, search=self.search)
        key = self._keys.get(entry.slug)
        if key is None:
            made_of = (entry.slug, entry.digest, around, self.addresses, self._look)
            key = self._keys[entry.slug] = hashlib.sha256(repr(made_of).encode()).hexdigest()
        return self._shelf.get(
            key,
            lambda: make_article(self._project, entry, around, self.addresses, self._modified),
        )

    def _own_pages(self) -> Iterator[tuple[str, Callable[[], Resource]]]:
        for language in ("", *self.collection.extra_languages()):
            yield names.index(language), partial(self.lists.issues, language)
            yield names.headlines(language), partial(self.lists.headlines, language)
            for kind in names.FEEDS if self.addresses.root else ():
                yield kind.file(language), partial(self._feed, kind, language)
        yield names.ROBOTS, self._robots
        if self.addresses.root:  # both feeds and site maps are made of whole addresses
            yield names.SITEMAP, self._sitemap

    def _robots(self) -> Resource:
        return self._file(robots(self.addresses), "text/plain; charset=utf-8")

    def _sitemap(self) -> Resource:
        return self._file(sitemap(self.collection, self.addresses), "application/xml")

    def _feed(self, kind: names.Feed, language: str) -> Resource:
        project, entries = self._project, self.collection.of(language)[:LENGTH]
        list_id = project.settings.list_id or project.sender.domain
        items = tuple(
            FeedItem(
                entry,
                feed_id(list_id, entry.slug),
                self.addresses.issue(entry.slug),
                self.article(entry).content,
            )
            for entry in entries
        )
        content = FeedContent(
            id=feed_id(list_id, f"/feed/{language}"),
            name=project.settings.name,
            tagline=project.settings.tagline,
            language=language or self.collection.language,
            home=self.addresses.at(names.index(language)),
            url=self.addresses.at(kind.file(language)),
            updated=latest_change(entries),
            items=items,
        )
        return self._file(_WRITERS[kind.name](content), kind.content_type)

    def _file(self, body: bytes, content_type: str) -> Resource:
        return Resource(body, content_type, self._modified)


def _slug_of(name: str) -> tuple[str, bool]:
    """The issue that a name is about, and whether it is one of its pictures."""
    folder, _, rest = name.partition("/")
    if rest:
        slug, _, file = rest.partition("/")
        return (slug, True) if folder == "pictures" and file else ("", True)
    return name.removesuffix(".html") if name.endswith(".html") else "", False
