"""One SMTP session without a network: bytes come in, events and bytes to send come out."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.delivery.outcome import Failed
from newsletter.delivery.smtp.events import EncryptNow, Event, Over, Ready
from newsletter.delivery.smtp.opening import Encrypt, Say, opening
from newsletter.delivery.smtp.outbox import Buffer, Outbox
from newsletter.delivery.smtp.relay import LATER, Relay
from newsletter.delivery.smtp.replies import EndlessReplyError, ReplyReader
from newsletter.delivery.smtp.transactions import Transactions
from newsletter.delivery.transports.base import Message
from newsletter.errors import TransportError


class Session:
    """Speaks with a server, from its greeting to QUIT.

    The driver hands in what it received and looks for events at once, one by one; begins messages
    while the session is ``free``; and writes what ``outgoing`` gives until that is empty.

    Args:
        relay: The server, and how to talk to it.
    """

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._replies = ReplyReader()
        self._outbox = Outbox()
        self._opening = opening(relay)
        self._step = next(self._opening)
        self._transactions: Transactions | None = None
        self._over = False
        self.steps = 0
        """Counts replies and blocks taken; as long as it stays the same, time runs."""

    @property
    def ready(self) -> bool:
        """Whether the server takes messages."""
        return self._transactions is not None

    @property
    def free(self) -> bool:
        """Whether another message may be begun now."""
        return self._transactions is not None and self._transactions.free

    @property
    def idle(self) -> bool:
        """Whether the server takes messages and none is on its way."""
        return self._transactions is not None and self._transactions.idle

    @property
    def worn_out(self) -> bool:
        """Whether this session has carried as many messages as it may."""
        return self._transactions is not None and self._transactions.worn_out

    @property
    def over(self) -> bool:
        """Whether the session has ended."""
        return self._over or (self._transactions is not None and self._transactions.over)

    @property
    def seconds(self) -> float | None:
        """How long what happens now may take; None if nothing is awaited."""
        if self._transactions:
            return self._transactions.seconds
        return self._step.seconds if isinstance(self._step, Say) else None

    def receive(self, data: bytes) -> Iterator[Event]:
        """Take bytes from the server."""
        try:
            for lines in self._replies.receive(data):
                self.steps += 1
                if self._transactions:
                    self._transactions.answer(lines)
                    if self._transactions.events:
                        yield from self._told()
                elif not self._over:
                    yield from self._advance(lines)
        except EndlessReplyError as error:
            yield from self.lost(str(error))

    def encrypted(self) -> None:
        """The TLS handshake has taken place."""
        self.steps += 1
        self._step = next(self._opening)
        self._put_step()

    def begin(self, message: Message) -> Failed | None:
        """Begin the transaction of a message; only when ``free``.

        Returns:
            Why nothing of it can even be said, or None.
        """
        return self._transactions.begin(message) if self._transactions else None

    def outgoing(self) -> list[Buffer]:
        """The next block to write; empty if there is none."""
        block = self._outbox.take()
        if block:
            self.steps += 1
        return block

    def quit(self) -> None:
        """Say goodbye; only when idle."""
        self.steps += 1
        if self._transactions:
            self._transactions.quit()

    def wind_up(self) -> Iterator[Event]:
        """Begin nothing more, give back what was not sent, await the answers to what was."""
        if self._transactions:
            self._transactions.wind_up()
            yield from self._told()
        else:
            yield from self._end(None)

    def lost(self, why: str) -> Iterator[Event]:
        """The connection is gone, or there was no answer in time."""
        if self.over:
            return
        if self._transactions:
            self._transactions.lost(why)
            yield from self._told()
        else:
            yield from self._end(TransportError(f"{self._relay} broke off: {why}", LATER))

    def _told(self) -> Iterator[Event]:
        if self._transactions:
            events, self._transactions.events = self._transactions.events, []
            yield from events

    def _advance(self, lines: list[bytes]) -> Iterator[Event]:
        try:
            self._step = self._opening.send(lines)
        except StopIteration as done:
            self._transactions = Transactions(self._relay, done.value, self._outbox)
            yield Ready()
        except TransportError as error:
            yield from self._end(error)
        else:
            if not isinstance(self._step, Encrypt):
                self._put_step()
            elif self._replies.empty:
                yield EncryptNow()
            else:
                yield from self.lost("something was slipped in before encryption began")

    def _put_step(self) -> None:
        if isinstance(self._step, Say):
            self._outbox.put((self._step.data,))

    def _end(self, error: TransportError | None) -> Iterator[Event]:
        if not self._over:
            self._over = True
            self._outbox.clear()
            yield Over(error)
