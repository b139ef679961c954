"""A letter whose pictures do not come."""

from __future__ import annotations

from newsletter.preview.appearances.markup import with_head

_POLICY = """<meta http-equiv="Content-Security-Policy" content="img-src 'none'">"""
# Chromium drops the width of a picture in a line of text when it shows its alternative text.
_BOXES = "<style>:where(img){display:inline-block}</style>"


def boxed(html: str) -> str:
    """A letter in which alternative texts stand in boxes as wide as the pictures are."""
    return with_head(html, _BOXES)


def blocked(html: str) -> str:
    """A letter that forbids its own pictures, embedded ones and backgrounds included."""
    return with_head(html, _POLICY)
