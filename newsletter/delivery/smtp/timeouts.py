"""How long an SMTP client waits (RFC 5321 §4.5.3.2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for each answer, in seconds.

    Attributes:
        connect: For the connection and the TLS handshake.
        greeting: For the server's first line.
        command: For EHLO, STARTTLS, AUTH, MAIL, RCPT, RSET.
        data: For the answer to DATA.
        block: For a block of the message to be taken.
        end: For the answer to the final dot; waiting less makes duplicates.
        quit: For the answer to QUIT, which no message depends on.
        idle: How long a connection is kept while there is nothing to send; relays close idle ones.
    """

    connect: float = 60
    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    end: float = 600
    quit: float = 5
    idle: float = 60
