"""What all webhooks have in common: a request that is proved to be genuine, with events in it."""

from __future__ import annotations

import base64
import binascii
import datetime
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from newsletter.feedback.event import Event

LONGEST_BODY = 5 * 1024 * 1024
"""Bytes of a request that are read; providers send less than 1 MB, in batches of 1,000."""

SHORTEST_SECRET = 16
"""Characters of a secret that a webhook is called with."""

HEADER = "x-newsletter-secret"
"""Header in which a provider that does not sign can be told to send the secret."""

Fetch = Callable[[str], bytes]
"""Gets a small file from an https address, without following redirects; FeedbackError if not."""


class RefusedError(Exception):
    """A request that is not believed, or not understood; nothing changes.

    Args:
        text: Why, for the provider's log; without secrets and addresses.
        status: HTTP status, 4xx.
    """

    def __init__(self, text: str, status: int = 403) -> None:
        super().__init__(text)
        self.text, self.status = text, status


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        headers: By name in lower case.
        body: As it came; signatures are about these bytes.
    """

    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            RefusedError: It is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise RefusedError("the body is not JSON", 400) from None

    def fields(self) -> Mapping[str, Any]:
        """The body as a JSON object.

        Raises:
            RefusedError: It is none.
        """
        found = self.json()
        if not isinstance(found, dict):
            raise RefusedError("the body is not a JSON object", 400)
        return found


@dataclass(frozen=True, slots=True)
class Batch:
    """What a genuine request holds.

    Attributes:
        events: The events, in the order of the request; those of other kinds are left out.
        nonce: Must not have been seen before, or the request is a replay; empty if events have
            numbers that the signature is about.
        signed_at: When the nonce was made.
        confirm: Address to be fetched once to say that we want these requests; empty for none.
    """

    events: tuple[Event, ...] = ()
    nonce: str = ""
    signed_at: datetime.datetime | None = None
    confirm: str = ""


class Hook(Protocol):
    """How one provider tells us what became of messages.

    Attributes:
        name: Name of the provider: the last part of the address, and the source of its events.
    """

    name: str

    def read(self, request: Request, now: datetime.datetime) -> Batch:
        """The events of a request.

        Args:
            request: What came in, from anybody.
            now: The time.

        Raises:
            RefusedError: It is not genuine, or not understood.
            FeedbackError: Whether it is genuine cannot be found out now.
        """


# ── proof ────────────────────────────────────────────────────────────────────────────────────────


def knows_secret(request: Request, secret: str) -> bool:
    """Whether a request carries a secret: as login (RFC 7617), token (RFC 6750), or in ``HEADER``.

    It takes as long for a wrong secret as for the right one.
    """
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    offered = [request.headers.get(HEADER, "").encode()]
    if scheme.lower() == "bearer":
        offered.append(value.strip().encode())
    elif scheme.lower() == "basic":
        offered.append(unpacked(value))
    return any(hmac.compare_digest(one, secret.encode()) for one in offered)


def unpacked(text: str) -> bytes:
    """Bytes that were written in base64; none if they were not."""
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
