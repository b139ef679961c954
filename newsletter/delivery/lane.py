"""What one channel is fed with: never more than two messages that are in doubt."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from newsletter.database.states import State
from newsletter.delivery.outcome import Outcome
from newsletter.delivery.transports.base import Message
from newsletter.delivery.waiting import Job

if TYPE_CHECKING:
    from newsletter.delivery.engine import Engine

AHEAD = 2
"""Messages of a channel that are written down as attempted and not as ended: the one in hand, and
the next, whose envelope travels behind its body. After a crash, so many may be in doubt. A channel
that takes more together has as many as that."""


class Lane:
    """The feed of one channel, see ``transports.base.Feed``.

    Args:
        engine: Fills it.
        together: How many messages the channel takes at once at most.
    """

    def __init__(self, engine: Engine, together: int = 1) -> None:
        self._engine = engine
        self._ahead = max(AHEAD, together)
        self._marked: deque[Job] = deque()
        self._in_hand: dict[str, Job] = {}
        self._open = 0
        self._unwritten = 0
        self._tried: set[int] = set()
        self._closed = False
        self.is_slow = False
        """Whether the message in hand waits so long that nobody should wait behind it."""
        self._since = 0.0
        self._on_more: Callable[[], None] | None = None
        self._changed = asyncio.Event()

    @property
    def has_room(self) -> bool:
        """Whether another attempt could be open."""
        return self._open < self._ahead and not (self._closed or self.is_slow)

    def fill(self) -> None:
        """Begin as many attempts as may be open at once."""
        if self._closed or self.is_slow:
            return
        while self._open < self._ahead and (job := self._engine.next_job()):
            self._open += 1
            self._engine.begin(job, self)
        self._changed.set()

    def begun(self, job: Job, state: State) -> None:
        """An attempt is written down, or must not be made after all."""
        if state is State.ATTEMPTING:
            if job.failure:
                self._end(job, job.failure)
            else:
                self._marked.append(job)
                if self._on_more:
                    self._on_more()
        else:
            self._open -= 1
            self._engine.not_begun(job, state)
            self.fill()
        self._changed.set()

    def settled(self) -> None:
        """The end of an attempt is written down."""
        self._unwritten -= 1
        self._changed.set()

    def take(self) -> Message | None:
        """The next message, if there is one at this moment."""
        if not self._marked or self._engine.stopping:
            return None
        job = self._marked.popleft()
        assert job.message is not None  # noqa: S101 - others end in begun()
        self._in_hand[job.message.message_id] = job
        self._since = time.monotonic()
        return job.message

    async def wait(self) -> bool:
        """Wait until ``take`` has something; False if it never will again."""
        while not self._engine.stopping:
            if self._marked:
                return True
            self.fill()
            if not self._open and self._engine.exhausted:
                return False
            self._changed.clear()
            await self._changed.wait()
        return False

    async def close(self) -> None:
        """Begin nothing more, and wait until all that was begun or ended is written down."""
        self._closed = True
        while not self._engine.broken and (self._unwritten or self._open > len(self._marked)):
            self._changed.clear()
            await self._changed.wait()

    def listen(self, on_more: Callable[[], None] | None) -> None:
        """Have it called whenever ``take`` may have something new."""
        self._on_more = on_more

    def wake(self) -> None:
        """Something may have changed."""
        self._changed.set()

    def done(self, message: Message, outcome: Outcome) -> None:
        """What became of a message that was taken."""
        job = self._in_hand.pop(message.message_id)
        self._tried.discard(job.claimed.id)
        self._end(job, outcome)

    def _end(self, job: Job, outcome: Outcome) -> None:
        # The end of this attempt and the begin of the next come to the ledger in one transaction,
        # so that there are never more than AHEAD on record that have begun and not ended.
        self.is_slow = False
        self._unwritten += 1
        self._engine.ended(job, outcome, self)
        self._open -= 1
        self.fill()

    def back(self, message: Message) -> None:
        """A message that was taken and certainly not handed over."""
        job = self._in_hand.pop(message.message_id)
        self._tried.add(job.claimed.id)
        self._marked.appendleft(job)

    def leftovers(self) -> tuple[list[Job], list[Job]]:
        """Deliveries that were begun and not handed over: those tried in vain, and the others."""
        left = list(self._marked)
        self._open -= len(left)
        self._marked.clear()
        tried = [job for job in left if job.claimed.id in self._tried]
        return tried, [job for job in left if job.claimed.id not in self._tried]

    def waits_since(self) -> float | None:
        """Since when the message in hand has waited for its answer; None if none is in hand."""
        return self._since if self._in_hand else None
