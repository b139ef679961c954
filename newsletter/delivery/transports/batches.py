"""A channel of calls that wait: for transports that take messages in a function of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from newsletter.delivery.outcome import Outcome, Unknown
from newsletter.delivery.transports.base import Feed, Message
from newsletter.errors import TransportError

HandOver = Callable[[Sequence[Message]], Iterable[Outcome]]
"""Takes messages; gives one outcome for each, in order, as soon as it is known.

When it raises ``TransportError``, the messages whose outcomes it has not given were certainly not
taken. Whatever else it raises leaves the message in hand unknown.
"""


class BatchChannel:
    """Hands over in a thread, several messages at a time.

    Args:
        hand_over: Takes the messages.
        size: How many at most are taken together.
    """

    def __init__(self, hand_over: HandOver, size: int = 1) -> None:
        self._hand_over = hand_over
        self._size = size

    async def run(self, feed: Feed) -> None:
        """Hand messages over until the feed ends.

        Raises:
            TransportError: The transport is out of reach or broken.
        """
        while await feed.wait():
            batch: list[Message] = []
            while len(batch) < self._size and (message := feed.take()):
                batch.append(message)
            if batch:
                await self._batch(feed, batch)

    async def _batch(self, feed: Feed, batch: list[Message]) -> None:
        loop = asyncio.get_running_loop()
        left = list(batch)

        def work() -> None:
            for outcome in self._hand_over(batch):
                message = left.pop(0)
                loop.call_soon_threadsafe(feed.done, message, outcome)

        try:
            await asyncio.shield(working := asyncio.ensure_future(asyncio.to_thread(work)))
        except asyncio.CancelledError:
            await asyncio.wait([working])  # what was begun comes to its end
            raise
        except TransportError:
            raise
        except Exception as error:
            if left:
                feed.done(left.pop(0), Unknown(f"{type(error).__name__}: {error}"))
            raise TransportError(f"the transport failed: {error}") from error
        finally:
            for message in left:
                feed.back(message)
