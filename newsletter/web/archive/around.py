"""What stands around an issue in the archive: ``archive`` in the templates of pages."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.render.language import direction
from newsletter.web.archive import names
from newsletter.web.archive.addresses import Addresses
from newsletter.web.archive.collection import Collection
from newsletter.web.archive.entry import Entry
from newsletter.web.archive.words import ArchiveWords, archive_words, language_name


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another page.

    Attributes:
        href: Relative.
        title: Its words.
        language: BCP 47 tag of what it leads to.
        dir: ``ltr`` or ``rtl``.
    """

    href: str
    title: str
    language: str
    dir: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed.

    Attributes:
        href: Relative.
        name: ``Atom``, ``RSS`` or ``JSON Feed``.
        content_type: Its media type.
    """

    href: str
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Around:
    """The ways from a page to others.

    Attributes:
        index: The list of issues in the page's language.
        headlines: The list of headlines.
        search: The page that searches; empty where no server answers.
        languages: The same page in other languages.
        older: The issue before, or none.
        newer: The issue after, or none.
        feeds: In the page's language; none while the archive has no address.
        words: In the page's language.
        noindex: Whether search engines shall leave the page out.
    """

    index: str
    headlines: str
    search: str
    languages: tuple[Way, ...]
    older: Way | None
    newer: Way | None
    feeds: tuple[FeedLink, ...]
    words: ArchiveWords
    noindex: bool


def around_entry(
    entry: Entry, collection: Collection, addresses: Addresses, *, search: bool
) -> Around:
    """What stands around an issue.

    Args:
        entry: The issue.
        collection: The archive.
        addresses: Where it is.
        search: Whether a server answers searches.
    """
    older, newer = collection.neighbours(entry)

    def way(other: Entry, title: str) -> Way:
        return Way(addresses.href(other.slug), title, other.language, other.direction)

    part = entry.language if entry.language in collection.extra_languages() else ""
    return Around(
        index=names.index(part),
        headlines=names.headlines(part),
        search=names.SEARCH if search else "",
        languages=tuple(
            way(other, language_name(other.language)) for other in collection.siblings(entry)
        ),
        older=way(older, older.title) if older else None,
        newer=way(newer, newer.title) if newer else None,
        feeds=feed_links(part, addresses),
        words=archive_words(entry.language),
        noindex=not entry.is_listed,
    )


def around_list(
    language: str, collection: Collection, addresses: Addresses, *, search: bool, headlines: bool
) -> Around:
    """What stands around a list of issues or headlines.

    Args:
        language: Whose list it is; empty for all.
        collection: The archive.
        addresses: Where it is.
        search: Whether a server answers searches.
        headlines: Whether it is the list of headlines.
    """
    name = names.headlines if headlines else names.index
    extra = collection.extra_languages()
    others = [tag for tag in ("", *extra) if tag != language] if extra else []
    return Around(
        index=names.index(language),
        headlines=names.headlines(language),
        search=names.SEARCH if search else "",
        languages=tuple(_to_list(name(tag), tag or collection.language) for tag in others),
        older=None,
        newer=None,
        feeds=feed_links(language, addresses),
        words=archive_words(language or collection.language),
        noindex=headlines,
    )


def feed_links(language: str, addresses: Addresses) -> tuple[FeedLink, ...]:
    """The feeds of a language; none while the archive has no address."""
    if not addresses.root:
        return ()
    return tuple(FeedLink(f.file(language), f.name, f.content_type) for f in names.FEEDS)


def _to_list(href: str, language: str) -> Way:
    return Way(href, language_name(language), language, direction(language))
