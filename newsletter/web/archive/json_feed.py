"""JSON Feed 1.1, with the full content of each issue."""

from __future__ import annotations

import json
from typing import Any

from newsletter.web.archive.atom import moment
from newsletter.web.archive.feed import FeedContent, FeedItem

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: FeedContent) -> bytes:
    """The feed as a JSON document."""
    about: dict[str, Any] = {
        "version": VERSION,
        "title": feed.name,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "language": feed.language,
        "authors": [{"name": feed.name}],
        "items": [_item(item) for item in feed.items],
    }
    if feed.tagline:
        about["description"] = feed.tagline
    return (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: FeedItem) -> dict[str, Any]:
    entry = item.entry
    said = {
        "id": item.id,
        "url": item.url,
        "title": entry.title,
        "summary": entry.preheader,
        "content_html": item.content,
        "date_published": moment(entry.published),
        "language": entry.language,
    }
    if entry.updated != entry.published:
        said["date_modified"] = moment(entry.updated)
    return said
