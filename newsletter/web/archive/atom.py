"""Atom (RFC 4287), with the full content of each issue."""

from __future__ import annotations

import datetime

from newsletter.web.archive.feed import FeedContent, FeedItem
from newsletter.web.archive.names import ATOM
from newsletter.web.archive.xml import Element, document, element

NAMESPACE = "http://www.w3.org/2005/Atom"


def atom(feed: FeedContent) -> bytes:
    """The feed as an Atom document."""
    about = [
        element("id", text=feed.id),
        element("title", text=feed.name),
        element("updated", text=moment(feed.updated)),
        element("link", {"rel": "self", "type": ATOM.content_type, "href": feed.url}),
        element("link", {"rel": "alternate", "type": "text/html", "href": feed.home}),
        element("author", None, element("name", text=feed.name)),
    ]
    if feed.tagline:
        about.insert(2, element("subtitle", text=feed.tagline))
    attributes = {"xmlns": NAMESPACE, "xml:lang": feed.language}
    return document(element("feed", attributes, *about, *map(_entry, feed.items)))


def _entry(item: FeedItem) -> Element:
    entry = item.entry
    return element(
        "entry",
        {"xml:lang": entry.language},
        element("id", text=item.id),
        element("title", text=entry.title),
        element("updated", text=moment(entry.updated)),
        element("published", text=moment(entry.published)),
        element("link", {"rel": "alternate", "type": "text/html", "href": item.url}),
        element("summary", text=entry.preheader),
        element("content", {"type": "html"}, text=item.content),
    )


def moment(time: datetime.datetime) -> str:
    """A time in UTC as RFC 3339 has it."""
    return f"{time.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"
