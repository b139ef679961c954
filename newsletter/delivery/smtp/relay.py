"""Which mail server to use, how to talk to it, and what its refusals mean for the sending."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field

from newsletter.delivery.retry import Broken
from newsletter.delivery.smtp.timeouts import Timeouts
from newsletter.errors import TransportConfigurationError, TransportError

LATER = "Nothing is lost: send again later with --resume."


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server that takes messages for all readers.

    Attributes:
        host: Host name, which its certificate must show.
        port: Port.
        hello: How we introduce ourselves.
        user: Login name; empty for no login.
        password: Its password, or an access token for ``xoauth2``.
        auth: The one login mechanism to use; empty for the best one that is offered.
        tls: What to trust; None for no encryption at all.
        tls_first: TLS from the first byte (RFC 8314) rather than STARTTLS.
        connections: How many connections there may be at the same time.
        messages: How many messages one connection may carry; 0 for no limit.
        weight: Its share of the connections, next to other relays.
        timeouts: How long to wait.
    """

    host: str
    port: int
    hello: str
    user: str = ""
    password: str = field(default="", repr=False)
    auth: str = ""
    tls: ssl.SSLContext | None = None
    tls_first: bool = False
    connections: int = 20
    messages: int = 0
    weight: int = 1
    timeouts: Timeouts = field(default_factory=Timeouts)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def describe(self) -> str:
        """``smtp://user@host:587``."""
        scheme = "smtps" if self.tls_first else "smtp"
        user = f"{self.user}@" if self.user else ""
        return f"{scheme}://{user}{self}{'' if self.tls else ' (not encrypted)'}"


def stopped(relay: Relay, answer: Broken) -> TransportError:
    """The error for a refusal that is about us and the relay."""
    if answer.needs_change:
        return TransportConfigurationError(
            f"{relay} refuses us: {answer.reason}",
            "Check user, password and security of the transport, then send with --resume.",
        )
    return TransportError(f"{relay} is not ready: {answer.reason}", LATER)


def out_of_reach(relay: Relay, error: OSError) -> TransportError:
    """The error for a connection or an encryption that did not come about."""
    match error:
        case ssl.SSLCertVerificationError():
            return TransportConfigurationError(
                f"the certificate of {relay} is not good: {error.verify_message}",
                "Nothing was sent. Check the host name; a CA of your own goes into ?ca=FILE.",
            )
        case ssl.SSLError():
            return TransportError(
                f"no encrypted connection to {relay}: {error.reason or error}",
                "smtps:// is for port 465, smtp:// for 587 and 25. Nothing was sent.",
            )
    return TransportError(
        f"cannot reach {relay}: {why(error)}",
        f"Check the transport in newsletter.toml and the network. {LATER}",
    )


def why(error: BaseException | None) -> str:
    """What happened to a connection, in a few words."""
    if error is None:
        return "the server closed the connection"
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, OSError) and error.strerror:
        # asyncio puts the address that was dialled there; the name of the error says more.
        return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    return str(error) or "the connection broke"
