"""The contract of a transport."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from newsletter.delivery.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends and who gets a message on the wire (RFC 5321 §2.3.1).

    Attributes:
        mail_from: Address that bounces go to.
        rcpt_to: The one recipient.
    """

    mail_from: str
    rcpt_to: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready for the wire.

    Attributes:
        envelope: Sender and recipient.
        message_id: Its Message-ID with angle brackets, unique per reader and stable per retry.
        data: Headers and body, lines ended by CRLF, not dot-stuffed.
    """

    envelope: Envelope
    message_id: str
    data: bytes


class Transport(Protocol):
    """Takes messages. A refused reader is an outcome; only a broken transport raises.

    Used as a context manager; the connection lives as long as the ``with``.
    """

    leaves_machine: bool
    """Whether messages leave this machine, so that links in them must work."""

    def describe(self) -> str:
        """The transport in a few words for the plan, without secrets."""

    def send(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """Hand messages over one after another; yields one outcome per message, in order.

        An outcome is yielded as soon as it is known. When the transport raises, the messages
        whose outcomes were not yielded were certainly not taken.

        Raises:
            TransportError: The transport is out of reach or broken.
            TransportConfigurationError: It will not work until something is changed.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
