"""What came of asking for one address."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Failure(enum.StrEnum):
    """Why there is no status."""

    NO_SUCH_HOST = "no such host"
    """The DNS says that there is no such name, or that it has no address."""
    NAME_TROUBLE = "name trouble"
    """The DNS did not say."""
    UNREACHABLE = "unreachable"
    """No connection: refused, no way there, or no answer."""
    TIMED_OUT = "timed out"
    BROKEN = "broken"
    """What came was not HTTP, or the connection was cut."""
    EXPIRED_CERTIFICATE = "expired certificate"
    FOREIGN_CERTIFICATE = "foreign certificate"
    """The certificate is for another name."""
    TLS = "tls"
    """Any other trouble with encryption."""
    TOO_MANY_REDIRECTS = "too many redirects"
    NOT_A_WEB_ADDRESS = "not a web address"
    HAS_USER = "has user"
    """The address holds a user name or a password."""
    NOT_PUBLIC = "not public"
    """The host is not on the public internet."""
    ASKED_TO_WAIT = "asked to wait"
    """The host has said that it wants no more requests for a while."""


class State(enum.StrEnum):
    """What is known of an address."""

    OK = "ok"
    DEAD = "dead"
    UNCHECKED = "unchecked"
    """Could not be checked; it may be fine."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect.

    Attributes:
        status: 301, 302, 303, 307 or 308.
        address: Where it led.
    """

    status: int
    address: str

    @property
    def is_permanent(self) -> bool:
        """Whether the old address is given up for good (RFC 9110 sections 15.4.2 and 15.4.9)."""
        return self.status in {301, 308}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for one address.

    Attributes:
        address: The address, as it was asked for.
        status: The last HTTP status; None if there is none.
        failure: Why there is none; None if there is.
        hops: The redirects, in order.
        content_type: Media type without parameters, in lower case; empty if not said.
        size: Bytes, if the server said so.
    """

    address: str
    status: int | None = None
    failure: Failure | None = None
    hops: tuple[Hop, ...] = ()
    content_type: str = ""
    size: int | None = None

    @property
    def last(self) -> str:
        """The address that gave the answer."""
        return self.hops[-1].address if self.hops else self.address

    @property
    def state(self) -> State:
        """What is known: only 404, 410 and the DNS say that something is dead."""
        if self.status in {404, 410} or self.failure is Failure.NO_SUCH_HOST:
            return State.DEAD
        if self.status is not None and 200 <= self.status < 300:
            return State.OK
        return State.UNCHECKED
