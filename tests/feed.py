"""A feed that shows what a channel did with it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from newsletter.delivery.outcome import Outcome
from newsletter.delivery.transports.base import Message, Transport


class RecordingFeed:
    """Messages to take, and what became of each.

    Args:
        messages: What can be taken at once.
        ended: Whether nothing comes after them; else ``put`` and ``end`` go on.
        on_done: Called with each outcome, as soon as it is told.
    """

    def __init__(
        self,
        messages: Iterable[Message] = (),
        *,
        ended: bool = True,
        on_done: Callable[[Message, Outcome], None] = lambda message, outcome: None,
    ) -> None:
        self._left = deque(messages)
        self._ended = ended
        self._stopped = False
        self.on_done = on_done
        self._bell = asyncio.Event()
        self._on_more: Callable[[], None] | None = None
        self.taken: list[Message] = []
        self.given_back: list[Message] = []
        self.outcomes: dict[str, Outcome] = {}

    def put(self, *messages: Message) -> None:
        self._left.extend(messages)
        self._bell.set()
        if self._on_more:
            self._on_more()

    def listen(self, on_more: Callable[[], None] | None) -> None:
        self._on_more = on_more

    def end(self) -> None:
        """Give out nothing more, as when somebody stops a campaign."""
        self._left.clear()
        self._ended = self._stopped = True
        self._bell.set()

    @property
    def in_hand(self) -> set[str]:
        """Message-IDs that were taken and not yet answered for."""
        taken = [message.message_id for message in self.taken]
        for message in self.given_back:
            taken.remove(message.message_id)
        return set(taken) - set(self.outcomes)

    def take(self) -> Message | None:
        if not self._left:
            return None
        self.taken.append(self._left.popleft())
        return self.taken[-1]

    async def wait(self) -> bool:
        while not (self._left or self._ended):
            self._bell.clear()
            await self._bell.wait()
        return bool(self._left)

    def done(self, message: Message, outcome: Outcome) -> None:
        assert message.message_id not in self.outcomes, "two outcomes for one message"
        self.outcomes[message.message_id] = outcome
        self.on_done(message, outcome)

    def back(self, message: Message) -> None:
        self.given_back.append(message)
        if not self._stopped:
            self._left.appendleft(message)
            self._bell.set()

    async def through(self, transport: Transport, channels: int = 1) -> None:
        """Send everything over so many channels; each is run again until the feed ends."""

        async def run() -> None:
            channel = transport.channel()
            while await self.wait():
                await channel.run(self)

        async with asyncio.TaskGroup() as group:
            for _ in range(channels):
                group.create_task(run())
