"""What is to be sent, in the order of sending, given out a block at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

BLOCK = 128 * 1024
"""Octets; most messages are smaller, so that one write holds a message and the next commands."""

Buffer = bytes | memoryview


class Outbox:
    """A queue of buffers, which are never joined here."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Sequence[Buffer], int, Callable[[], None] | None]] = deque()

    def put(self, buffers: Sequence[Buffer], leaves: Callable[[], None] | None = None) -> None:
        """Add buffers.

        Args:
            buffers: What to send.
            leaves: Called when a block is taken that holds the first of them.
        """
        self._waiting.append((buffers, sum(map(len, buffers)), leaves))

    def clear(self) -> None:
        """Forget what was not taken."""
        self._waiting.clear()

    def take(self) -> list[Buffer]:
        """The next block of at most 128 KB, for one write; empty if there is nothing to send."""
        block: list[Buffer] = []
        room = BLOCK
        while self._waiting and room:
            buffers, size, leaves = self._waiting.popleft()
            if leaves:
                leaves()
            if size > room:
                buffers, rest = _cut(buffers, room)
                self._waiting.appendleft((rest, size - room, None))
                size = room
            block.extend(buffers)
            room -= size
        return block


def _cut(buffers: Sequence[Buffer], at: int) -> tuple[list[Buffer], list[Buffer]]:
    for number, buffer in enumerate(buffers):
        if len(buffer) > at:
            view = memoryview(buffer)
            return [*buffers[:number], view[:at]], [view[at:], *buffers[number + 1 :]]
        at -= len(buffer)
    return list(buffers), []
