"""RSS 2.0, with the full content of each issue in ``content:encoded``."""

from __future__ import annotations

import datetime
from email.utils import format_datetime

from newsletter.web.archive.feed import FeedContent, FeedItem
from newsletter.web.archive.names import RSS
from newsletter.web.archive.xml import Element, document, element

_NAMESPACES = {
    "version": "2.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
}


def rss(feed: FeedContent) -> bytes:
    """The feed as an RSS document."""
    channel = element(
        "channel",
        None,
        element("title", text=feed.name),
        element("link", text=feed.home),
        element("description", text=feed.tagline or feed.name),
        element("language", text=feed.language),
        element("lastBuildDate", text=_moment(feed.updated)),
        element("atom:link", {"rel": "self", "type": RSS.content_type, "href": feed.url}),
        *map(_item, feed.items),
    )
    return document(element("rss", _NAMESPACES, channel))


def _item(item: FeedItem) -> Element:
    entry = item.entry
    return element(
        "item",
        None,
        element("title", text=entry.title),
        element("link", text=item.url),
        element("guid", {"isPermaLink": "false"}, text=item.id),
        element("pubDate", text=_moment(entry.published)),
        element("description", text=entry.preheader),
        element("content:encoded", text=item.content),
    )


def _moment(time: datetime.datetime) -> str:
    return format_datetime(time.astimezone(datetime.UTC))
