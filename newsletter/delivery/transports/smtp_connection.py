"""One SMTP connection: smtplib's verbs with our own reading, deadlines and TLS.

smtplib alone has no default timeout, does not verify TLS without a context, closes with a made-up
"500 Line too long" when a reply is long (even after the final dot, when that would turn an
accepted message into a refused one), and lets bytes that were smuggled in before STARTTLS pass.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any

from newsletter.delivery.reply import Reply

LONGEST_LINE = 64 * 1024
MOST_LINES = 200
KEPT_OF_A_LINE = 2_000
BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for each answer, in seconds (RFC 5321 §4.5.3.2).

    Attributes:
        connect: For the connection and the TLS handshake.
        greeting: For the server's first line.
        command: For EHLO, STARTTLS, AUTH, MAIL, RCPT, RSET.
        data: For the answer to DATA.
        block: For a block of the message to be taken.
        end: For the answer to the final dot; waiting less makes duplicates.
        quit: For the answer to QUIT, which no message depends on.
    """

    connect: float = 60
    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    end: float = 600
    quit: float = 5


class ConnectionLostError(Exception):
    """The connection is gone, or the server did not answer in time."""


class SmtpConnection(smtplib.SMTP):
    """A connection to a server; every verb waits no longer than its deadline.

    Args:
        host: The server.
        port: Its port.
        hello: How we introduce ourselves in EHLO.
        timeouts: How long to wait.
    """

    def __init__(self, host: str, port: int, hello: str, timeouts: Timeouts) -> None:
        super().__init__(local_hostname=hello)  # no host: connects nothing yet
        self._server = host
        self._server_port = port
        self._timeouts = timeouts
        self._received = bytearray()
        self.last = Reply(0)

    def dial(self, tls: ssl.SSLContext | None) -> Reply:
        """Connect, with TLS from the first byte if a context is given, and read the greeting.

        Raises:
            OSError: Nobody answers there, or the TLS handshake failed.
            ConnectionLostError: The connection closed before the greeting.
        """
        self.sock = socket.create_connection(
            (self._server, self._server_port), self._timeouts.connect
        )
        if tls:
            self.sock = tls.wrap_socket(self.sock, server_hostname=self._server)
        return self.read(self._timeouts.greeting)

    def encrypt(self, tls: ssl.SSLContext) -> Reply:
        """STARTTLS; what was known of the server is forgotten (RFC 3207 §4.2).

        Raises:
            OSError: The TLS handshake failed.
            ConnectionLostError: The connection closed, or bytes came in before TLS began.
        """
        reply = self.ask("STARTTLS")
        if reply.code != 220:
            return reply
        if self._received:
            self.close()
            raise ConnectionLostError("something was slipped in before encryption began")
        if self.sock is None:
            raise ConnectionLostError("not connected")
        self.sock.settimeout(self._timeouts.connect)
        self.sock = tls.wrap_socket(self.sock, server_hostname=self._server)
        self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False
        return reply

    def ask(self, command: str, seconds: float | None = None) -> Reply:
        """Send one command and read its reply.

        Raises:
            ConnectionLostError: The connection is gone, or no answer came in time.
        """
        self.write(command.encode(self.command_encoding) + b"\r\n")
        return self.read(self._timeouts.command if seconds is None else seconds)

    def write(self, data: bytes) -> None:
        """Send bytes as they are, in blocks.

        Raises:
            ConnectionLostError: They were not all taken in time.
        """
        if self.sock is None:
            raise ConnectionLostError("not connected")
        try:
            for start in range(0, len(data), BLOCK):
                self.sock.settimeout(self._timeouts.block)
                self.sock.sendall(data[start : start + BLOCK])
        except OSError as error:
            self.close()
            raise ConnectionLostError(_why(error)) from error

    def read(self, seconds: float) -> Reply:
        """Read one reply, of one line or several.

        Raises:
            ConnectionLostError: The connection is gone, or the reply was not complete in time.
        """
        self.last = Reply.parse(self._lines(seconds))
        return self.last

    # smtplib's own verbs (EHLO, AUTH) come through these two.

    def send(self, s: Any) -> None:
        """Send for smtplib.

        Raises:
            SMTPServerDisconnected: The connection is gone.
        """
        try:
            self.write(s.encode(self.command_encoding) if isinstance(s, str) else s)
        except ConnectionLostError as error:
            raise smtplib.SMTPServerDisconnected(str(error)) from error

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply for smtplib, which takes the lines apart itself.

        Raises:
            SMTPServerDisconnected: The connection is gone, or no answer came in time.
        """
        try:
            lines = self._lines(self._timeouts.command)
        except ConnectionLostError as error:
            raise smtplib.SMTPServerDisconnected(str(error)) from error
        self.last = Reply.parse(lines)
        return self.last.code or -1, b"\n".join(line[4:].strip() for line in lines)

    def _lines(self, seconds: float) -> list[bytes]:
        until = time.monotonic() + seconds
        lines: list[bytes] = []
        while len(lines) < MOST_LINES:
            line = self._line(until)
            lines.append(line[:KEPT_OF_A_LINE])
            if not (line[:3].isdigit() and line[3:4] == b"-"):
                return lines
        self.close()
        raise ConnectionLostError("the server's answer has no end")

    def _line(self, until: float) -> bytes:
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > LONGEST_LINE:
                self.close()
                raise ConnectionLostError("the server's answer has no end")
            self._received += self._bytes(until)
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return line.rstrip(b"\r")

    def _bytes(self, until: float) -> bytes:
        if self.sock is None:
            raise ConnectionLostError("not connected")
        try:
            self.sock.settimeout(max(until - time.monotonic(), 0.001))
            received = self.sock.recv(4096)
        except OSError as error:
            self.close()
            raise ConnectionLostError(_why(error)) from error
        if not received:
            self.close()
            raise ConnectionLostError("the server closed the connection")
        return received


def _why(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    return error.strerror or "the connection broke"
