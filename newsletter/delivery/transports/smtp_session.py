"""From a relay's address to a session that is ready for MAIL: TLS and login, failing closed."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field

from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import Broken, Stage, classify
from newsletter.delivery.transports.smtp_connection import (
    ConnectionLostError,
    SmtpConnection,
    Timeouts,
)
from newsletter.errors import TransportConfigurationError, TransportError

LATER = "Nothing is lost: send again later with --resume."


@dataclass(frozen=True, slots=True)
class Relay:
    """Which server, and how to talk to it.

    Attributes:
        host: Host name, which its certificate must show.
        port: Port.
        hello: How we introduce ourselves.
        user: Login name; empty for no login.
        password: Its password.
        tls: What to trust; None for no encryption at all.
        tls_first: TLS from the first byte (RFC 8314) rather than STARTTLS.
        timeouts: How long to wait.
    """

    host: str
    port: int
    hello: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    tls_first: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def open_session(relay: Relay) -> SmtpConnection:
    """Connect, introduce ourselves, encrypt, log in.

    Raises:
        TransportError: The relay is out of reach or not ready.
        TransportConfigurationError: Encryption or login fail; neither login nor any address was
            sent without the encryption that was asked for.
    """
    connection = SmtpConnection(relay.host, relay.port, relay.hello, relay.timeouts)
    try:
        _prepare(connection, relay)
    except BaseException as error:
        connection.close()
        if isinstance(error, OSError | ConnectionLostError):
            raise _out_of_reach(relay, error) from error
        raise
    return connection


def stopped(relay: Relay, answer: Broken) -> TransportError:
    """The error for a refusal that is about us and the relay."""
    if answer.needs_change:
        return TransportConfigurationError(
            f"{relay} refuses us: {answer.reason}",
            "Check user, password and security of the transport, then send with --resume.",
        )
    return TransportError(f"{relay} is not ready: {answer.reason}", LATER)


def _prepare(connection: SmtpConnection, relay: Relay) -> None:
    reply = connection.dial(relay.tls if relay.tls_first else None)
    if reply.code // 100 != 2:
        raise _refusal(relay, Stage.GREETING, reply)
    _introduce(connection, relay)
    if relay.tls and not relay.tls_first:
        if not connection.has_extn("starttls"):
            raise TransportConfigurationError(
                f"{relay} does not offer encryption (STARTTLS)",
                "Nothing was sent. Use another port, or smtps://; for a relay on this machine "
                "there is ?security=none.",
            )
        reply = connection.encrypt(relay.tls)
        if reply.code != 220:
            raise _refusal(relay, Stage.STARTTLS, reply)
        _introduce(connection, relay)
    if relay.user:
        _log_in(connection, relay)


def _introduce(connection: SmtpConnection, relay: Relay) -> None:
    code, _ = connection.ehlo()
    if code != 250:
        raise _refusal(relay, Stage.EHLO, connection.last)


def _log_in(connection: SmtpConnection, relay: Relay) -> None:
    hint = "Check user and password of the transport. Nothing was sent."
    try:
        connection.login(relay.user, relay.password)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal(relay, Stage.AUTH, connection.last) from error
    except UnicodeError as error:
        message = "transport: a login with characters that are not ASCII cannot be sent"
        raise TransportConfigurationError(message, hint) from error
    except smtplib.SMTPException as error:
        raise TransportConfigurationError(
            f"{relay} offers no login that we know (AUTH PLAIN, LOGIN or CRAM-MD5)", hint
        ) from error


def _refusal(relay: Relay, stage: Stage, reply: Reply) -> TransportError:
    answer = classify(stage, reply)
    # Before MAIL classify() says nothing but this: no reply can be about a message yet.
    return stopped(relay, answer if isinstance(answer, Broken) else Broken(reply.told()))


def _out_of_reach(relay: Relay, error: OSError | ConnectionLostError) -> TransportError:
    match error:
        case ConnectionLostError() | smtplib.SMTPServerDisconnected():
            return TransportError(f"{relay} broke off: {error}", LATER)
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
        f"cannot reach {relay}: {error.strerror or error}",
        f"Check the transport in newsletter.toml and the network. {LATER}",
    )
