"""Something that is served: bytes with their type, and how long others may keep them."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime

HTML = "text/html; charset=utf-8"
PICTURES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
}
"""Types of pictures by the ending of their file. SVG may hold scripts and is never served."""

FRESH = "public, max-age=300"
"""Of pages and feeds: a correction is seen after five minutes at the latest."""

FOR_EVER = "public, max-age=31536000, immutable"
"""Of pictures: their name comes from what is in them."""

NEVER = "no-store"
"""Of what somebody has searched for: it stays in no cache."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What one address answers.

    Attributes:
        body: The bytes.
        content_type: Their media type, with its charset.
        modified: When any of its sources last changed; None if that is not known.
        cache: ``Cache-Control``.
        policy: ``Content-Security-Policy``; empty for what is no page.
        etag: A strong validator (RFC 9110, section 8.8.3): equal tags, equal bytes.
    """

    body: bytes
    content_type: str
    modified: datetime.datetime | None = None
    cache: str = FRESH
    policy: str = ""
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.body).hexdigest()[:32]
        object.__setattr__(self, "etag", f'"{digest}"')

    @property
    def last_modified(self) -> str:
        """``Last-Modified``; empty if it is not known."""
        return (
            format_datetime(self.modified.replace(microsecond=0), usegmt=True)
            if (self.modified)
            else ""
        )

    def is_known(self, if_none_match: str | None, if_modified_since: str | None) -> bool:
        """Whether somebody who asks has these bytes already (RFC 9110, section 13.2.2).

        Args:
            if_none_match: That header of the request; if there is one, only it counts.
            if_modified_since: That header of the request.
        """
        if if_none_match is not None:
            tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
            return self.etag in tags or "*" in tags
        if not if_modified_since or self.modified is None:
            return False
        try:
            since = parsedate_to_datetime(if_modified_since)
        except ValueError:
            return False
        if since.tzinfo is None:
            since = since.replace(tzinfo=datetime.UTC)
        return self.modified.replace(microsecond=0) <= since
