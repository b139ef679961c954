"""Records made of tags: ``v=DMARC1; p=none``, as DKIM, DMARC, MTA-STS and TLS-RPT have them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class TagError(ValueError):
    """A record is not a list of tags; says which part is wrong."""


def parse_tags(text: str) -> Mapping[str, str]:
    """The tags of a record, in order (RFC 6376 section 3.2).

    Raises:
        TagError: A part has no ``=`` or an unfit name, or a tag is there twice.
    """
    tags: dict[str, str] = {}
    parts = [part.strip() for part in text.split(";")]
    if parts and not parts[-1]:
        parts.pop()
    for part in parts:
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not _NAME.fullmatch(name):
            raise TagError(f"“{part[:40]}” is not written tag=value")
        if name in tags:
            raise TagError(f"the tag {name}= is there twice")
        tags[name] = value
    return tags


def begins_with(text: str, version: str) -> bool:
    """Whether a record's first tag is ``v=`` with exactly this version."""
    return re.match(rf"\s*v\s*=\s*{re.escape(version)}\s*(;|$)", text) is not None
