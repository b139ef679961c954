"""SMTP servers to send to: a real one (aiosmtpd), and one that misbehaves at a chosen moment."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True)
class Copy:
    """A message that a server took: the final dot was seen and answered with 250."""

    mail_from: str
    recipients: tuple[str, ...]
    data: bytes


def free_port() -> int:
    # aiosmtpd's Controller(port=0) cannot start: it dials port 0 to see whether it is up.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Inbox:
    """An aiosmtpd handler that keeps what comes, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.copies: list[Copy] = []
        self.hellos: list[str] = []
        self.options: list[list[str]] = []
        self.refused: dict[str, str] = {}
        self.logins: list[tuple[str, str]] = []

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.hellos.append(hostname)
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        self.options.append(list(envelope.mail_options))
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.original_content, bytes)
        self.copies.append(
            Copy(str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.original_content)
        )
        return "250 2.0.0 OK: queued"


@dataclass(frozen=True)
class RealServer:
    port: int
    inbox: Inbox


@contextlib.contextmanager
def real_server(
    *,
    certificate: trustme.LeafCert | None = None,
    tls_first: bool = False,
    login: tuple[str, str] | None = None,
    smtputf8: bool = False,
    size: int = 10_000_000,
) -> Iterator[RealServer]:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        inbox.logins.append((data.login.decode(), data.password.decode()))
        good = login is not None and (data.login, data.password) == tuple(
            part.encode() for part in login
        )
        return AuthResult(success=good, handled=False)

    inbox = Inbox()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=context if tls_first else None,
        tls_context=None if tls_first else context,
        require_starttls=bool(context) and not tls_first,
        authenticator=check if login else None,
        auth_required=bool(login),
        enable_SMTPUTF8=smtputf8,
        data_size_limit=size,
        decode_data=False,
    )
    controller.start()
    try:
        yield RealServer(controller.port, inbox)
    finally:
        controller.stop()


CLOSE = "close"
RESET = "reset"
SILENCE = "silence"


@dataclass(frozen=True)
class Moment:
    """A point in a session: what was said, in which connection, in which message of it."""

    stage: str
    connection: int
    message: int
    line: str = ""


Behaviour = Callable[[Moment], "str | bytes | None"]
"""Says what to answer: a reply, CLOSE, RESET, SILENCE, or None for the usual."""

USUAL = {
    "greeting": "220 relay.example.org ESMTP",
    "EHLO": "250-relay.example.org\r\n250-SIZE 50000000\r\n250 ENHANCEDSTATUSCODES",
    "MAIL": "250 2.1.0 OK",
    "RCPT": "250 2.1.5 OK",
    "DATA": "354 go on",
    "end": "250 2.0.0 OK: queued as 1",
    "RSET": "250 2.0.0 OK",
    "QUIT": "221 2.0.0 bye",
}


@dataclass
class OddServer:
    """A server that does exactly what it is told at each moment; one thread per connection."""

    behaviour: Behaviour
    pipelining: bool = False
    copies: list[Copy] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def stop(self) -> None:
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(10)

    def hang_up(self) -> None:
        """Close every connection that there is now."""
        for peer in self._open:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(peer)
            thread = threading.Thread(
                target=self._serve, args=(peer, self.connections), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket.socket, connection: int) -> None:
        with peer, peer.makefile("rb") as file, contextlib.suppress(OSError, _Over):
            message = 1
            mail_from, recipients = "", list[str]()
            self._answer(peer, Moment("greeting", connection, message))
            while line := file.readline().decode("utf-8", "replace").rstrip("\r\n"):
                self.lines.append(line)
                verb = line[:4].upper()
                usual = self._usual(verb, mail_from, recipients)
                answer = self._answer(peer, Moment(verb, connection, message, line), usual)
                good = str(answer).startswith("2")
                if verb in {"RSET", "EHLO"}:
                    mail_from, recipients = "", []
                elif verb == "MAIL" and good:
                    mail_from, recipients = line.partition("<")[2].partition(">")[0], []
                elif verb == "RCPT" and good:
                    recipients.append(line.partition("<")[2].partition(">")[0])
                elif verb == "DATA" and str(answer).startswith("354"):
                    data = self._body(peer, file, connection, message, to_somebody=bool(recipients))
                    if data is not None:
                        self.copies.append(Copy(mail_from, tuple(recipients), data))
                        self._send(peer, USUAL["end"])
                    mail_from, recipients = "", []
                    message += 1
                elif verb == "QUIT":
                    return

    def _usual(self, verb: str, mail_from: str, recipients: list[str]) -> str:
        """What a server of good manners says, given what it has accepted so far."""
        if verb == "EHLO" and self.pipelining:
            return USUAL[verb].replace("250-SIZE", "250-PIPELINING\r\n250-SIZE")
        if verb == "RCPT" and not mail_from:
            return "503 5.5.1 MAIL first"
        if verb == "DATA" and not recipients:
            return "554 5.5.1 no valid recipients"
        return USUAL.get(verb, "502 5.5.1 what?")

    def _body(
        self, peer: socket.socket, file: Any, connection: int, message: int, *, to_somebody: bool
    ) -> bytes | None:
        body: list[bytes] = []
        while (line := file.readline()) != b".\r\n":
            if not line:
                raise _Over
            if not body:
                self._perhaps(peer, self.behaviour(Moment("body", connection, message)))
            body.append(line)
        self.lines.append(".")
        data = b"".join(line[1:] if line.startswith(b".") else line for line in body)
        answer = self.behaviour(Moment("end", connection, message))
        if answer is None and to_somebody:
            return data
        if to_somebody and (answer in {CLOSE, RESET, SILENCE} or str(answer).startswith("2")):
            # The worst case for a sender: the message is taken, but nobody says so.
            self.copies.append(Copy("", (_to(data),), data))
        self._perhaps(peer, answer or "554 5.5.1 no valid recipients")
        return None

    def _answer(self, peer: socket.socket, moment: Moment, usual: str = "") -> str | bytes:
        answer = self.behaviour(moment) or usual or USUAL[moment.stage]
        self._perhaps(peer, answer)
        return answer

    def _perhaps(self, peer: socket.socket, answer: str | bytes | None) -> None:
        if answer is None:
            return
        if answer == CLOSE:
            peer.shutdown(socket.SHUT_RDWR)
            raise _Over
        if answer == RESET:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Over
        if answer == SILENCE:
            self._stopped.wait()
            raise _Over
        self._send(peer, answer)

    def _send(self, peer: socket.socket, answer: str | bytes) -> None:
        peer.sendall(answer if isinstance(answer, bytes) else answer.encode() + b"\r\n")


class _Over(Exception):  # noqa: N818
    pass


def _to(data: bytes) -> str:
    head = data.partition(b"\r\n\r\n")[0].decode()
    line = next(line for line in head.split("\r\n") if line.startswith("To:"))
    return line.partition("<")[2].partition(">")[0]


@contextlib.contextmanager
def odd_server(
    behaviour: Behaviour = lambda moment: None, *, pipelining: bool = False
) -> Iterator[OddServer]:
    server = OddServer(behaviour, pipelining)
    try:
        yield server
    finally:
        server.stop()
