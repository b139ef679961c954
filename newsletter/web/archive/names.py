"""The names of the archive's pages: one flat folder, so that links between them are relative."""

from __future__ import annotations

from dataclasses import dataclass

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
SEARCH = "search"
"""Only where a server answers."""


def index(language: str = "") -> str:
    """The list of all issues, or of those in one language."""
    return f"index{_part(language)}.html"


def headlines(language: str = "") -> str:
    """The list of all headlines, or of those in one language."""
    return f"headlines{_part(language)}.html"


@dataclass(frozen=True, slots=True)
class Feed:
    """A kind of feed.

    Attributes:
        name: What people call it.
        content_type: Its media type.
        stem: Name of its file without the ending.
        ending: The ending.
    """

    name: str
    content_type: str
    stem: str
    ending: str

    def file(self, language: str = "") -> str:
        """The feed of all issues, or of those in one language."""
        return f"{self.stem}{_part(language)}.{self.ending}"


ATOM = Feed("Atom", "application/atom+xml", "atom", "xml")
RSS = Feed("RSS", "application/rss+xml", "rss", "xml")
JSON = Feed("JSON Feed", "application/feed+json", "feed", "json")
FEEDS = (ATOM, RSS, JSON)


def _part(language: str) -> str:
    return f".{language}" if language else ""
