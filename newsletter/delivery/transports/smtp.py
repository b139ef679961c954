"""A mail relay as transport: SMTP over one connection, one message after another (RFC 5321).

At every moment it is known how far a message has come. Until the final dot is sent, a lost
connection means that the message was not taken, and it is handed over again at once; after the
dot it may have been taken, and the outcome is unknown.
"""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from newsletter.delivery.address import AddressError, wire_address
from newsletter.delivery.outcome import About, Accepted, Failed, Outcome, Unknown
from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import Broken, Stage, classify
from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.smtp_connection import ConnectionLostError, SmtpConnection
from newsletter.delivery.transports.smtp_session import LATER, Relay, open_session, stopped
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError, TransportError

LONGEST_COMMAND = 510
"""Octets of a command line without its CRLF (RFC 5321 §4.5.3.1.4)."""


def open_url(url: TransportUrl, surroundings: Surroundings) -> SmtpTransport:
    """``smtp://user@host:587`` (STARTTLS) or ``smtps://user@host:465``.

    Options: ``ca=FILE`` trusts the certificates in a file; ``security=none`` sends in the clear,
    to this machine or where ``allow_plaintext`` is set.

    Raises:
        TransportConfigurationError: No host, no password, no such file, or unsafe.
    """
    url.allow_options("security", "ca")
    if not url.host or url.path.strip("/"):
        raise TransportConfigurationError(
            f"transport: {url.scheme} needs a host and nothing behind it",
            "Write it like this: smtp://user@mail.example.org:587.",
        )
    if url.user and not surroundings.password:
        raise TransportConfigurationError(
            f"transport: there is no password for {url.user} at {url.host}",
            "Set NEWSLETTER_TRANSPORT_PASSWORD, or name a file in transport_password_file.",
        )
    in_the_clear = _in_the_clear(url, surroundings)
    usual = 465 if url.scheme == "smtps" else 25 if in_the_clear else 587
    return SmtpTransport(
        Relay(
            host=url.host,
            port=url.port or usual,
            hello=surroundings.hello,
            user=url.user,
            password=surroundings.password if url.user else "",
            tls=None if in_the_clear else _trust(url, surroundings),
            tls_first=url.scheme == "smtps",
        )
    )


def _in_the_clear(url: TransportUrl, surroundings: Surroundings) -> bool:
    security = url.options.get("security")
    if security is None:
        return False
    if security != "none" or url.scheme != "smtp":
        raise TransportConfigurationError(
            f"transport: {url.scheme} does not know security={security}",
            "smtp:// encrypts by STARTTLS, smtps:// from the start; leave the option out.",
        )
    if not (url.is_loopback or surroundings.allow_plaintext):
        raise TransportConfigurationError(
            f"transport: security=none would send readers' addresses in the clear to {url.host}",
            "Leave it out; or, for a network that you trust, set allow_plaintext = true.",
        )
    return True


def _trust(url: TransportUrl, surroundings: Surroundings) -> ssl.SSLContext:
    file = surroundings.root / url.options["ca"] if "ca" in url.options else None
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise TransportConfigurationError(
            f"transport: cannot read certificates from {file}: {error.strerror or error}",
            "ca names a PEM file, relative to the project's folder.",
        ) from error


class SmtpTransport:
    """Hands messages to a relay over one connection, which is made anew when it is lost."""

    leaves_machine = True

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._connection: SmtpConnection | None = None
        self._taken = 0  # messages that this connection has taken

    def describe(self) -> str:
        """``smtp://user@host:587``."""
        r = self._relay
        scheme = "smtps" if r.tls_first else "smtp"
        user = f"{r.user}@" if r.user else ""
        return f"{scheme}://{user}{r}{'' if r.tls else ' (not encrypted)'}"

    def send(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """Hand messages over, one transaction each.

        Raises:
            TransportError: The relay is out of reach, asks for a pause, or breaks off twice.
            TransportConfigurationError: Login, certificate or address are refused.
        """
        for message in messages:
            yield self._unsendable(message) or self._deliver(message)

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # In the middle of a message QUIT would be taken for a line of it.
        if self._connection and kind is None:
            with contextlib.suppress(ConnectionLostError):  # every outcome is known already
                self._connection.ask("QUIT", self._relay.timeouts.quit)
        self._disconnect()

    def _deliver(self, message: Message) -> Outcome:
        for first_try in (True, False):
            connection = self._connection or self._connect()
            try:
                answer = self._transaction(connection, message)
            except ConnectionLostError as error:
                self._disconnect()
                if first_try:
                    continue
                raise TransportError(
                    f"{self._relay} broke off twice before it had the message: {error}", LATER
                ) from error
            if isinstance(answer, Broken):
                # Many relays close a connection after a number of messages, some with 421.
                welcome = answer.busy and self._taken and first_try
                self._disconnect()
                if welcome:
                    continue
                raise stopped(self._relay, answer)
            return answer
        raise AssertionError  # pragma: no cover - the second try returns or raises

    def _transaction(self, connection: SmtpConnection, message: Message) -> Outcome | Broken:
        """One message from MAIL to the answer to its dot; raises only before the dot is sent."""
        envelope, times = message.envelope, self._relay.timeouts
        parameters = ""
        if connection.has_extn("size"):
            limit = connection.esmtp_features["size"]
            if limit.isdigit() and 0 < int(limit) < len(message.data):
                return Failed(
                    f"the message has {len(message.data):,} octets, {self._relay} takes at most "
                    f"{int(limit):,} (SIZE)",
                    About.MESSAGE,
                )
            parameters = f" SIZE={len(message.data)}"
        if not envelope.rcpt_to.isascii():
            if not connection.has_extn("smtputf8"):
                return Failed(f"{self._relay} does not take addresses like this one (SMTPUTF8)")
            parameters += " SMTPUTF8 BODY=8BITMIME"
        connection.command_encoding = "ascii" if envelope.rcpt_to.isascii() else "utf-8"
        for stage, command, seconds in (
            (Stage.MAIL, f"MAIL FROM:<{envelope.mail_from}>{parameters}", times.command),
            (Stage.RCPT, f"RCPT TO:<{envelope.rcpt_to}>", times.command),
            (Stage.DATA, "DATA", times.data),
        ):
            reply = connection.ask(command, seconds)
            if reply.code // 100 != (3 if stage is Stage.DATA else 2):
                return self._refused(connection, stage, reply, envelope.rcpt_to)
        connection.write(_stuffed(message.data))
        connection.write(b".\r\n")
        try:
            reply = connection.read(times.end)
        except ConnectionLostError as error:
            self._disconnect()
            return Unknown(f"the whole message was sent, then: {error}")
        if reply.code // 100 == 2:
            self._taken += 1
            return Accepted(reply.told(envelope.rcpt_to))
        return self._refused(connection, Stage.END, reply, envelope.rcpt_to)

    def _refused(
        self, connection: SmtpConnection, stage: Stage, reply: Reply, address: str
    ) -> Outcome | Broken:
        answer = classify(stage, reply, address)
        if isinstance(answer, Unknown):
            self._disconnect()
        elif not isinstance(answer, Broken):
            try:
                clean = connection.ask("RSET").positive
            except ConnectionLostError:
                clean = False
            if not clean:
                self._disconnect()
        return answer

    def _unsendable(self, message: Message) -> Failed | None:
        """What no command must be built from, whoever made the message."""
        try:
            for address in (message.envelope.mail_from, message.envelope.rcpt_to):
                if wire_address(address) != address:
                    return Failed("the address is not in the form that goes over the wire")
                if len(address.encode()) > LONGEST_COMMAND - 60:
                    return Failed("the address is too long for a command")
        except AddressError as error:
            return Failed(str(error))
        if not message.data.endswith(b"\r\n") or re.search(rb"\r(?!\n)|(?<!\r)\n", message.data):
            return Failed("a line of the message does not end in CRLF", About.MESSAGE)
        return None

    def _connect(self) -> SmtpConnection:
        self._taken = 0
        self._connection = open_session(self._relay)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def _stuffed(data: bytes) -> bytes:
    """Dots at the start of a line doubled (RFC 5321 §4.5.2)."""
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
