"""Which relay the next connection goes to: shares, limits, and what to do while one is down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from newsletter.delivery.smtp.relay import Relay

DOWN_FOR = 60.0
"""Seconds for which a relay that cannot be reached is passed over, if there is another one."""


class Pool:
    """The relays of a transport and the connections that they have now.

    Args:
        relays: At least one.
    """

    def __init__(self, relays: Sequence[Relay]) -> None:
        self.relays = tuple(relays)
        self._open = dict.fromkeys(range(len(self.relays)), 0)
        self._down_until = dict.fromkeys(range(len(self.relays)), 0.0)
        self._waiting: list[asyncio.Future[None]] = []
        self._blamed: set[str] = set()

    def choose(self) -> int | None:
        """The number of the relay for a new connection, which is counted; None if all are full.

        Relays get connections in proportion to their weights. If every relay is down, the one that
        comes up first is tried again: its error says more than we could.
        """
        now = time.monotonic()
        up = [n for n in self._open if self._down_until[n] <= now]
        among = up or [min(self._open, key=lambda n: self._down_until[n])]
        free = [n for n in among if self._open[n] < self.relays[n].connections]
        if not free:
            return None
        chosen = min(free, key=lambda n: (self._open[n] + 1) / self.relays[n].weight)
        self._open[chosen] += 1
        return chosen

    def release(self, number: int) -> None:
        """A connection is closed, or did not come about."""
        self._open[number] -= 1
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def room(self) -> None:
        """Wait until a connection is closed, or until a relay may be up again."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await asyncio.wait([future], timeout=DOWN_FOR)

    def pass_over(self, number: int) -> bool:
        """A relay is out of reach or not ready; says whether there is another one to go to."""
        now = time.monotonic()
        self._down_until[number] = now + DOWN_FOR
        return any(until <= now for until in self._down_until.values())

    def blame(self, message_id: str) -> bool:
        """A connection broke with this message before it had done anything; says if for good.

        The first time may be bad luck. The second time something is wrong, with the relay or with
        the message, and trying again for ever would not mend it.
        """
        if message_id in self._blamed:
            self._blamed.discard(message_id)
            return True
        self._blamed.add(message_id)
        return False

    def absolve(self, message_id: str) -> None:
        """The message has an outcome."""
        self._blamed.discard(message_id)
