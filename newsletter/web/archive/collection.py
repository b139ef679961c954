"""The issues of the archive as a whole: their order, their years, their languages."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import cached_property

from newsletter.web.archive.entry import Entry

_RESERVED = ("index", "headlines", "search", "atom", "rss", "feed", "sitemap", "robots", "pictures")


def is_reserved(slug: str) -> bool:
    """Whether an issue of this name would stand where a page of the archive does."""
    return slug.casefold().split(".")[0] in _RESERVED


class Collection:
    """All issues that have a page.

    Args:
        entries: Issues that were published, in any order; private ones are left out.
        language: The newsletter's, BCP 47: whose lists come first.
    """

    def __init__(self, entries: Iterable[Entry], language: str) -> None:
        kept = (e for e in entries if e.visibility != "private" and not is_reserved(e.slug))
        self.language = language
        self.entries: tuple[Entry, ...] = tuple(
            sorted(kept, key=lambda entry: (entry.date, entry.slug), reverse=True)
        )
        """The newest first."""
        self._by_slug = {entry.slug: entry for entry in self.entries}

    def get(self, slug: str) -> Entry | None:
        """An issue by its name."""
        return self._by_slug.get(slug)

    @cached_property
    def listed(self) -> tuple[Entry, ...]:
        """Those that may be found, the newest first."""
        return tuple(entry for entry in self.entries if entry.is_listed)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages of listed issues, the newsletter's own first and the others by name."""
        found = {entry.language for entry in self.listed}
        return tuple(sorted(found, key=lambda tag: (not self._is_own(tag), tag)))

    def of(self, language: str = "") -> tuple[Entry, ...]:
        """What a list shows, the newest first.

        Args:
            language: Only issues in it; without one each issue once, in the newsletter's language
                if it is there.
        """
        if language:
            return tuple(entry for entry in self.listed if entry.language == language)
        best: dict[str, Entry] = {}
        for entry in sorted(self.listed, key=lambda e: (not self._is_own(e.language), e.language)):
            best.setdefault(entry.family, entry)
        return tuple(entry for entry in self.listed if best[entry.family] is entry)

    def siblings(self, entry: Entry) -> tuple[Entry, ...]:
        """The same issue in other languages; of an unlisted issue those that are unlisted, too."""
        return tuple(
            other
            for other in sorted(self.entries, key=lambda other: other.language)
            if other.family == entry.family
            and other.language != entry.language
            and (other.is_listed or not entry.is_listed)
        )

    def neighbours(self, entry: Entry) -> tuple[Entry | None, Entry | None]:
        """The listed issues before and after one, in its language."""
        if not entry.is_listed:
            return None, None
        same = self.of(entry.language)
        at = same.index(entry)
        return (
            same[at + 1] if at + 1 < len(same) else None,
            same[at - 1] if at else None,
        )

    def extra_languages(self) -> tuple[str, ...]:
        """Languages that have lists of their own beside the one of everything."""
        return (
            tuple(tag for tag in self.languages if not self._is_own(tag))
            if (len(self.languages) > 1)
            else ()
        )

    def _is_own(self, language: str) -> bool:
        return language.lower() == self.language.lower()


def by_year(entries: Sequence[Entry]) -> tuple[tuple[int, tuple[Entry, ...]], ...]:
    """Entries below the years of their dates, the order kept."""
    years: dict[int, list[Entry]] = {}
    for entry in entries:
        years.setdefault(entry.date.year, []).append(entry)
    return tuple((year, tuple(of_year)) for year, of_year in years.items())


def latest_change(entries: Sequence[Entry]) -> datetime.datetime:
    """When any of them last changed; the beginning of time for none."""
    beginning = datetime.datetime.fromtimestamp(0, datetime.UTC)
    return max((entry.updated for entry in entries), default=beginning)
