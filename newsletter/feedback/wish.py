"""Wishes to leave that come by mail: whose they are, and what shows it."""

from __future__ import annotations

import email.message
import re
from email.errors import MessageError
from email.header import decode_header, make_header

from newsletter.audience.tokens import Purpose
from newsletter.database.keys import Keys
from newsletter.feedback.classify import Kind, Report
from newsletter.feedback.event import About
from newsletter.feedback.found_tokens import find_tokens

_BODY = 8 * 1024
"""Bytes of a wish in which a token is looked for."""


def read_wish(
    report: Report,
    header: email.message.Message,
    message: bytes,
    keys: Keys,
    trusted_results: str,
) -> About | None:
    """Whose subscription a message asks to end; None if it does not, or nothing shows whose.

    Whoever holds the token of the link may leave with it, by whatever address they write from. A
    sender's address alone is not enough, since anybody can write it there: with that, somebody who
    wants a newsroom silenced could quietly unsubscribe all readers that they know of. It counts
    only if our own mail server says that it is genuine.
    """
    if report.kind in {Kind.BOUNCE, Kind.RECEIPT, Kind.COMPLAINT}:
        return None
    places = [_text(header.get("Subject", "")), *report.sent_to]
    asks = report.kind is Kind.UNSUBSCRIBE
    if asks:  # a letter that is answered or passed on holds somebody's link, too
        places.append(message.partition(b"\n\n")[2][:_BODY].decode("ascii", "replace"))
    for place in places:
        for subscription, campaign in find_tokens(place, Purpose.UNSUBSCRIBE, keys):
            return About(subscription=subscription, campaign=campaign)
    author = _genuine_author(header, trusted_results) if asks and trusted_results else ""
    return About(author=author) if author else None


def _genuine_author(header: email.message.Message, trusted: str) -> str:
    """The address in From, if our server says that DMARC holds for its domain; else empty."""
    authors = header.get_all("From", [])
    match = _AUTHOR.fullmatch(" ".join(str(authors[0]).split())) if len(authors) == 1 else None
    if match is None:
        return ""
    author = match[1] or match[2]
    domain = author.rpartition("@")[2].lower()
    for field in header.get_all("Authentication-Results", []):
        server, _, results = " ".join(str(field).split()).partition(";")
        if server.split(" ")[0].lower() != trusted.lower():
            continue
        # The first one only: it was added last, further down anybody may have put in what they like
        for result in _COMMENT.sub(" ", results).lower().split(";"):
            words = result.split()
            if words[:1] == ["dmarc=pass"] and f"header.from={domain}" in words:
                return author
        return ""
    return ""


# Whatever two programs might read in two ways is nobody's address.
_ADDRESS = r"[^\s<>()\[\]@,;:\\\"]+@[^\s<>()\[\]@,;:\\\"]+"
_AUTHOR = re.compile(rf'(?:"[^"\\<>@]*"|[^"\\<>@(),;:]*) ?<({_ADDRESS})>|({_ADDRESS})')
_COMMENT = re.compile(r"\([^()]*\)")


def _text(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (ValueError, LookupError, MessageError):
        return str(value)
