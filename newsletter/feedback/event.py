"""One thing that came back, however it came: by mail or as an event of a provider."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from newsletter.database.states import Kind, Suppressed

FINAL = (Kind.HARD, Kind.SOFT, Kind.MAILBOX_FULL, Kind.POLICY)
"""Kinds that mean: this message did not arrive, and will not."""


@dataclass(frozen=True, slots=True)
class About:
    """Which of our messages it is about, as far as whoever wrote it has shown.

    All of these are secrets between us and the reader's mail system, or come from a provider whose
    signature was checked. An address proves nothing.

    Attributes:
        delivery: Number of the delivery, from a sealed token; 0 for none.
        message_ids: Message-IDs with angle brackets, the surest first.
        message_key: What ``transports.http_transport.message_key`` made of a Message-ID.
        subscription: Number of a subscription, from a sealed token; 0 for none.
        campaign: Number of the campaign from the same token; 0 for none.
        author: Address of whoever wrote it, if our own mail server vouches for it. Good for
            leaving only, and only if they are on a single list.
    """

    delivery: int = 0
    message_ids: tuple[str, ...] = ()
    message_key: str = ""
    subscription: int = 0
    campaign: int = 0
    author: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What it says of one address.

    Attributes:
        kind: What came back.
        address: Whom it names; may be empty, or another one than we wrote to.
        suppresses: Why this alone is reason enough never to write again; None if it is not.
        status: Enhanced status code (RFC 3463), or empty.
        detail: The words of whoever said so; may hold addresses, so it must not be kept as it is.
    """

    kind: Kind
    address: str = ""
    suppresses: Suppressed | None = None
    status: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that came back.

    Attributes:
        key: The same for the same event, however often it arrives; see ``event_key``.
        source: Who brought it: ``mail``, or the name of a provider.
        occurred_at: When it happened.
        about: Which message it is about.
        notices: What it says, of one address or several; never empty.
        verified: It was signed by a provider, so the address in it is the one we wrote to.
        refused: It was said when we handed the letter over, so the delivery is settled already.
    """

    key: str
    source: str
    occurred_at: datetime.datetime
    about: About
    notices: tuple[Notice, ...]
    verified: bool = False
    refused: bool = False

    def notice_for(self, email: str) -> Notice:
        """What it says of a reader.

        Relays may report on several addresses at once. If none of them is the reader's, it is not
        known what became of theirs.
        """
        if len(self.notices) == 1:
            return self.notices[0]
        wanted = email.casefold()
        same = (notice for notice in self.notices if notice.address.casefold() == wanted)
        return next(same, Notice(Kind.OTHER))


def event_key(source: str, *parts: bytes | str) -> str:
    """A key for an event: SHA-256 in hex of its source and what tells it from others.

    Args:
        source: As in the event.
        parts: The provider's own number of the event, or the whole message.
    """
    digest = hashlib.sha256(source.encode())
    for part in parts:
        digest.update(b"\0")
        digest.update(part.encode("utf-8", "replace") if isinstance(part, str) else part)
    return digest.hexdigest()
