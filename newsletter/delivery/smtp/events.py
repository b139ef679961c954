"""What a session tells the one who drives it."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.delivery.outcome import Outcome
from newsletter.delivery.transports.base import Message
from newsletter.errors import TransportError


@dataclass(frozen=True, slots=True)
class EncryptNow:
    """The TLS handshake must take place; then call ``encrypted``."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The server takes messages from now on."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a message is known."""

    message: Message
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Returned:
    """A message was certainly not handed over.

    Attributes:
        message: The message.
        blameless: Whether it is usual for a server to end a session like this. Otherwise the
            connection broke before it had done anything for anybody; the message may be why.
        why: What happened.
    """

    message: Message
    blameless: bool
    why: str


@dataclass(frozen=True, slots=True)
class Over:
    """The session has ended and every message it held has been told about: close.

    Attributes:
        error: Why no other session should be begun at once; None if one may.
    """

    error: TransportError | None = None


Event = EncryptNow | Ready | Answered | Returned | Over
