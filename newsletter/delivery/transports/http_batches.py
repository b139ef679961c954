"""Transports of providers that take many different messages in one request."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from newsletter.delivery.outcome import Outcome, Unknown
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.http_answers import Answer, Verdict
from newsletter.delivery.transports.http_api import AnswerLostError
from newsletter.delivery.transports.http_transport import HttpTransport


@dataclass(frozen=True, slots=True)
class Item:
    """One message of a request.

    Attributes:
        message: The message.
        content: Its JSON.
        alone: Whether it must have a request of its own.
    """

    message: Message
    content: bytes
    alone: bool = False


class BatchTransport(HttpTransport):
    """Hands messages to a provider's API, many in a request."""

    largest: ClassVar[int]
    """Octets of the largest request."""

    def deliver(self, messages: Sequence[Message]) -> Iterable[Outcome]:
        """Hand messages over; those of one request have their outcomes together.

        Returns:
            One outcome for each, in order.

        Raises:
            TransportError: The provider is out of reach; the other messages were not taken.
            TransportConfigurationError: It takes nothing until something is changed.
        """
        group: list[Item] = []
        size = 2
        for message in messages:
            item = self.item(message)
            grown = size + len(item.content) + 1
            full = len(group) >= self._batch or grown > self.largest
            if group and (full or item.alone or group[-1].alone):
                yield from self._together(group)
                group, size = [], 2
            group.append(item)
            size += len(item.content) + 1
        yield from self._together(group)

    def _together(self, group: Sequence[Item]) -> Iterator[Outcome]:
        if not group:
            return
        try:
            answer = self.send(group)
        except AnswerLostError as error:
            yield from (Unknown(str(error)) for _ in group)
            return
        if answer.good:
            yield from self.read(answer, group)
            return
        refusal = self.refusal(answer)
        if refusal.verdict is Verdict.ACCOUNT:
            raise self.stopped(refusal, group[0].message)
        if refusal.verdict in {Verdict.MESSAGE, Verdict.RECIPIENT} and len(group) > 1:
            # One bad message must not take the others with it. A refused request was not carried
            # out at all, so halving it finds the bad one and mails nobody twice.
            middle = len(group) // 2
            yield from self._together(group[:middle])
            yield from self._together(group[middle:])
            return
        yield from (refusal.outcome(item.message.envelope.rcpt_to) for item in group)

    @abstractmethod
    def item(self, message: Message) -> Item:
        """A message as the API wants it."""

    @abstractmethod
    def send(self, group: Sequence[Item]) -> Answer:
        """Send one request.

        Raises:
            AnswerLostError: It may have been carried out.
            TransportError: It certainly was not.
        """

    @abstractmethod
    def read(self, answer: Answer, group: Sequence[Item]) -> Iterable[Outcome]:
        """One outcome for each message of a request that was carried out, if only in part."""


def array(group: Sequence[Item]) -> bytes:
    """The JSON array of a request's messages."""
    return b"[" + b",".join(item.content for item in group) + b"]"
