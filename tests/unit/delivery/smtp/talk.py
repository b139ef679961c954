"""A session whose server is a test."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from newsletter.delivery.smtp.events import Event
from newsletter.delivery.smtp.relay import Relay
from newsletter.delivery.smtp.session import Session
from newsletter.delivery.transports.base import Envelope, Message

RELAY = Relay("relay.example.org", 25, "example.org")


def message(number: int, body: bytes = b"Hello\r\n", envid: str = "") -> Message:
    envelope = Envelope("bounces@example.org", f"reader{number}@example.com", envid)
    return Message.whole(
        envelope, f"<{number}@example.org>", f"N: {number}\r\n\r\n".encode() + body
    )


def group(number: int, parameters: str = "") -> bytes:
    """What begins a message, where all of it may be said at once."""
    return (
        f"MAIL FROM:<bounces@example.org>{parameters}\r\n"
        f"RCPT TO:<reader{number}@example.com>\r\nDATA\r\n"
    ).encode()


def body(number: int) -> bytes:
    return f"N: {number}\r\n\r\nHello\r\n.\r\n".encode()


class Talk:
    """Drives a session as a connection would, but for the network.

    Args:
        messages: What there is to send.
        offers: What the server offers, without the number.
        relay: Whom it is.
    """

    def __init__(
        self, messages: Iterable[Message] = (), *offers: str, relay: Relay = RELAY
    ) -> None:
        self.session = Session(relay)
        self.events: list[Event] = []
        self.waiting = deque(messages)
        if offers:
            self.hear("220 hello")
            self.hear(*(f"250-{offer}" for offer in ("relay", *offers)), "250 HELP")

    def hear(self, *lines: str) -> bytes:
        """The server says these lines; returns what is said to it then."""
        return self.hear_bytes("".join(f"{line}\r\n" for line in lines).encode())

    def hear_bytes(self, data: bytes) -> bytes:
        for event in self.session.receive(data):
            self.events.append(event)
            self._fill()
        return self.said()

    def lost(self) -> None:
        self.events += self.session.lost("it is gone")

    def said(self) -> bytes:
        self._fill()
        said = b""
        while block := self.session.outgoing():
            said += b"".join(block)
        return said

    def told(self) -> list[Event]:
        """What happened since the last time."""
        events, self.events = self.events, []
        return events

    def _fill(self) -> None:
        while self.session.free and self.waiting:
            assert self.session.begin(self.waiting.popleft()) is None
