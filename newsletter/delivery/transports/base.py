"""The contract of a transport."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from newsletter.delivery.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends and who gets a message on the wire (RFC 5321 §2.3.1).

    Attributes:
        mail_from: Address that bounces go to.
        rcpt_to: The one recipient.
        envid: Names this delivery in delivery reports (RFC 3461 §4.4); empty for none.
    """

    mail_from: str
    rcpt_to: str
    envid: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready for the wire, in pieces: most of them are the same objects for all readers.

    Attributes:
        envelope: Sender and recipient.
        message_id: Its Message-ID with angle brackets, unique per reader and stable per retry.
        pieces: Headers and body; lines ended by CRLF, the last one, too.
        stuffed: The same with dots doubled at the start of a line (RFC 5321 §4.5.2), without the
            final dot.
        size: Octets of ``pieces``.
    """

    envelope: Envelope
    message_id: str
    pieces: Sequence[bytes]
    stuffed: Sequence[bytes]
    size: int

    @classmethod
    def whole(cls, envelope: Envelope, message_id: str, data: bytes) -> Self:
        """A message that is there in one piece."""
        stuffed = data.replace(b"\r\n.", b"\r\n..")
        stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
        return cls(envelope, message_id, (data,), (stuffed,), len(data))

    @property
    def data(self) -> bytes:
        """The whole message, not dot-stuffed."""
        return b"".join(self.pieces)


class Feed(Protocol):
    """Where a channel gets its messages; each is on record as attempted before it is given out.

    Whatever a channel took it must give an answer for, by ``done`` or ``back``, before ``run``
    ends, however it ends. All methods belong to the event loop's thread.
    """

    def take(self) -> Message | None:
        """The next message, if there is one at this moment."""

    async def wait(self) -> bool:
        """Wait until ``take`` has something; False if it never will again."""

    def listen(self, on_more: Callable[[], None] | None) -> None:
        """Have it called whenever ``take`` may have something new; None for not any more.

        A channel that can begin a message in that very moment saves the time to wake a task.
        """

    def done(self, message: Message, outcome: Outcome) -> None:
        """What became of a message that was taken, as soon as it is known."""

    def back(self, message: Message) -> None:
        """A message that was taken and certainly not handed over: somebody else may send it."""


class Channel(Protocol):
    """One way to hand messages over, one after another: a connection, or a series of requests."""

    async def run(self, feed: Feed) -> None:
        """Hand messages over until the feed ends.

        Returns early when the other side wishes to begin anew (a server that closes after a number
        of messages): then run it again.

        Raises:
            TransportError: The transport is out of reach or broken.
            TransportConfigurationError: It will not work until something is changed.
        """


class Transport(Protocol):
    """Takes messages. A refused reader is an outcome; only a broken transport raises."""

    leaves_machine: bool
    """Whether messages leave this machine, so that links in them must work."""

    connections: int
    """How many channels may run at the same time."""

    def describe(self) -> str:
        """The transport in a few words for the plan, without secrets."""

    def channel(self) -> Channel:
        """A new channel; nothing is connected yet."""


def together(transport: Transport) -> int:
    """How many messages each channel of a transport takes at once at most.

    One, unless the transport has an attribute of this name: a provider with many in a request.
    """
    number: int = getattr(transport, "together", 1)
    return number
