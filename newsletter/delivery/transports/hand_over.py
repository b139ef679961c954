"""Handing a few messages over, without a ledger: for proofs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from newsletter.delivery.outcome import Outcome
from newsletter.delivery.transports.base import Message, Transport


def hand_over(transport: Transport, messages: Sequence[Message]) -> list[Outcome]:
    """Send messages over one channel, in order.

    Returns:
        One outcome for each.

    Raises:
        TransportError: The transport is out of reach or broken.
    """
    feed = _Few(messages)
    asyncio.run(_all(transport, feed))
    return [feed.outcomes[message.message_id] for message in messages]


async def _all(transport: Transport, feed: _Few) -> None:
    channel = transport.channel()
    while await feed.wait():
        await channel.run(feed)


class _Few:
    """Messages that are there from the beginning."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._left = deque(messages)
        self.outcomes: dict[str, Outcome] = {}

    def take(self) -> Message | None:
        return self._left.popleft() if self._left else None

    async def wait(self) -> bool:
        return bool(self._left)

    def listen(self, on_more: Callable[[], None] | None) -> None:
        """All messages are there from the beginning."""

    def done(self, message: Message, outcome: Outcome) -> None:
        self.outcomes[message.message_id] = outcome

    def back(self, message: Message) -> None:
        self._left.appendleft(message)
