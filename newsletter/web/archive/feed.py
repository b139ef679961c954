"""A feed before it is written in one of its three formats."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from newsletter.web.archive.entry import Entry

LENGTH = 20
"""Issues in a feed; who follows it has seen the older ones."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An issue in a feed.

    Attributes:
        entry: The issue.
        id: An IRI that stays the same for ever, on all mirrors.
        url: Whole address of its page.
        content: Its HTML, with whole addresses.
    """

    entry: Entry
    id: str
    url: str
    content: str


@dataclass(frozen=True, slots=True)
class FeedContent:
    """What a feed says, whatever its format.

    Attributes:
        id: An IRI that stays the same for ever, on all mirrors.
        name: The newsletter.
        tagline: What it is; may be empty.
        language: BCP 47 tag.
        home: Whole address of the list of its issues.
        url: Whole address of the feed itself.
        updated: When any of its issues last changed.
        items: The newest first.
    """

    id: str
    name: str
    tagline: str
    language: str
    home: str
    url: str
    updated: datetime.datetime
    items: tuple[FeedItem, ...]


def feed_id(list_id: str, name: str) -> str:
    """An IRI for a feed or an issue (RFC 4287, section 4.2.6): a UUID of version 5.

    It is made from what never changes and from no web address: the same issue has the same id on
    every mirror, and feed readers do not show it twice.

    Args:
        list_id: Name of the list, as in ``List-Id``.
        name: Slug of the issue; for a feed, what no slug can be.
    """
    space = uuid.uuid5(uuid.NAMESPACE_DNS, list_id)
    return uuid.uuid5(space, name).urn
