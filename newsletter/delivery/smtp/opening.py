"""From the greeting to a session that is ready for MAIL: TLS and login, failing closed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import Broken, Stage, classify
from newsletter.delivery.smtp.capabilities import Capabilities
from newsletter.delivery.smtp.login import Mechanism, decoded, encoded, mechanisms
from newsletter.delivery.smtp.relay import Relay, stopped
from newsletter.errors import TransportConfigurationError, TransportError

_ANOTHER_MECHANISM = {504, 534}
"""Not this way of logging in, but perhaps another one (RFC 4954 §6)."""


@dataclass(frozen=True, slots=True)
class Say:
    """Bytes to send, and how long to wait for the reply, in seconds."""

    data: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Encrypt:
    """The TLS handshake must take place before anything else is said or read."""


Opening = Generator[Say | Encrypt, list[bytes], Capabilities]
"""Yields what to do next; is sent the lines of each reply; returns what the server offers."""


def opening(relay: Relay) -> Opening:
    """Introduce ourselves, encrypt, log in.

    Raises:
        TransportError: The relay is not ready.
        TransportConfigurationError: Encryption or login fail; neither login nor any address was
            sent without the encryption that was asked for.
    """
    reply = Reply.parse((yield Say(b"", relay.timeouts.greeting)))
    if reply.code // 100 != 2:
        raise _refusal(relay, Stage.GREETING, reply)
    offers = yield from _introduce(relay)
    if relay.tls and not relay.tls_first:
        if "STARTTLS" not in offers:
            raise TransportConfigurationError(
                f"{relay} does not offer encryption (STARTTLS)",
                "Nothing was sent. Use another port, or smtps://; for a relay on this machine "
                "there is ?security=none.",
            )
        reply = Reply.parse((yield Say(b"STARTTLS\r\n", relay.timeouts.command)))
        if reply.code != 220:
            raise _refusal(relay, Stage.STARTTLS, reply)
        yield Encrypt()
        # What was offered in the clear may have been written by anybody (RFC 3207 §4.2).
        offers = yield from _introduce(relay)
    if relay.user:
        yield from _log_in(relay, offers)
    return offers


def _introduce(relay: Relay) -> Opening:
    lines = yield Say(f"EHLO {relay.hello}\r\n".encode("ascii"), relay.timeouts.command)
    reply = Reply.parse(lines)
    if reply.code != 250:
        raise _refusal(relay, Stage.EHLO, reply)
    return Capabilities.parse(lines)


def _log_in(relay: Relay, offers: Capabilities) -> Generator[Say | Encrypt, list[bytes], None]:
    usable = mechanisms(relay.auth, offers.logins, encrypted=bool(relay.tls))
    if not usable:
        known = relay.auth.upper() or "PLAIN, LOGIN or CRAM-MD5"
        raise TransportConfigurationError(
            f"{relay} offers no login that we know (AUTH {known})",
            "Check user and password of the transport. Nothing was sent.",
        )
    for mechanism in usable:
        reply = yield from _converse(relay, mechanism)
        if reply.code // 100 == 2:
            return
        if reply.code not in _ANOTHER_MECHANISM:
            break
    raise _refusal(relay, Stage.AUTH, reply)


def _converse(relay: Relay, mechanism: Mechanism) -> Generator[Say | Encrypt, list[bytes], Reply]:
    conversation = mechanism.converse(relay.user, relay.password)
    command = f"AUTH {mechanism.name}".encode("ascii")
    if (first := next(conversation)) is not None:
        command += b" " + encoded(first)
    reply = Reply.parse((yield Say(command + b"\r\n", relay.timeouts.command)))
    while reply.code == 334:
        try:
            said = conversation.send(decoded(reply.text))
        except StopIteration:
            break  # more challenges than this mechanism has answers
        reply = Reply.parse((yield Say(encoded(said or b"") + b"\r\n", relay.timeouts.command)))
    return reply


def _refusal(relay: Relay, stage: Stage, reply: Reply) -> TransportError:
    answer = classify(stage, reply)
    # Before MAIL classify() says nothing but this: no reply can be about a message yet.
    return stopped(relay, answer if isinstance(answer, Broken) else Broken(reply.told()))
