"""One thread that writes the ledger: what comes together is written together."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from newsletter.database.states import State
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.ledger import Ledger, Written
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.wishes import Wishes
from newsletter.delivery.workers import Worker

LOOK = 0.25
"""Seconds between two looks at what is wished of the campaign; the lease is renewed with them."""

GATHER = 0.02
"""Seconds that a commit is put off for more to come: for twenty it costs twice what it does for
three. Nobody waits for it: while one message of a channel is on its way, the next is written down.
"""

Begun = Callable[[State], None]
"""Told the delivery's state: ``ATTEMPTING``, or why it is left out; ``CLAIMED`` if nothing may
begin now."""

T = TypeVar("T")


@dataclass(slots=True)
class _Turn:
    attempts: list[tuple[Claimed, Begun]]
    settled: list[tuple[Settlement, Callable[[], None]]]
    work: list[tuple[Callable[[], Any], asyncio.Future[Any]]]


class Writer:
    """Writes attempts and their ends for one worker; commits what has come in since the last time.

    Waiting for the disk is what a commit costs; many messages share it. All callbacks come in the
    event loop's thread.

    Args:
        ledger: What is written.
        worker: Whose claims they are.
        clock: Tells the time.
        on_wishes: Told what is wished of the campaign, several times a second.
        on_failure: Told why nothing more can be written, and what was not.
        enough: Asked how many at once are written without waiting for more.
    """

    def __init__(
        self,
        ledger: Ledger,
        worker: Worker,
        clock: Callable[[], datetime.datetime],
        on_wishes: Callable[[Wishes], None],
        on_failure: Callable[[Exception, list[Settlement]], None],
        enough: Callable[[], int],
    ) -> None:
        self._ledger, self._worker, self._clock = ledger, worker, clock
        self._on_wishes, self._on_failure = on_wishes, on_failure
        self._loop = asyncio.get_running_loop()
        self._queue: deque[tuple[str, Any, Any]] = deque()
        self._enough = enough
        self._wake = threading.Event()
        self._ended = False
        self._looked = 0.0
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def begin(self, claimed: Claimed, told: Begun) -> None:
        """Write down that a delivery is about to be handed over, then tell."""
        self._put("attempt", claimed, told)

    def settle(self, settlement: Settlement, told: Callable[[], None]) -> None:
        """Write down how an attempt ended, then tell."""
        self._put("settled", settlement, told)

    async def run(self, work: Callable[[], T]) -> T:
        """Do something with the database after all that was asked for before."""
        done: asyncio.Future[T] = self._loop.create_future()
        self._put("work", work, done)
        return await done

    async def close(self) -> None:
        """Write what is left and end."""
        self._ended = True
        self._wake.set()
        await asyncio.to_thread(self._thread.join)

    def _put(self, kind: str, what: Any, told: Any) -> None:
        self._queue.append((kind, what, told))
        if self._failure:
            self._fail(self._failure)
        elif len(self._queue) == 1 or len(self._queue) >= self._enough() or kind == "work":
            self._wake.set()

    def _run(self) -> None:
        try:
            with self._ledger.keeping():
                while self._turn():
                    pass
        except Exception as error:  # noqa: BLE001 - the database cannot even be opened
            self._fail(error)

    def _turn(self) -> bool:
        """One transaction, if there is something to write; false when it was the last one."""
        if self._wake.wait(LOOK):
            self._wake.clear()
            if 0 < len(self._queue) < self._enough() and not self._ended:
                self._wake.wait(GATHER)
                self._wake.clear()
        turn = self._next()
        if self._ended and not (turn.attempts or turn.settled or turn.work):
            return False
        try:
            self._write(turn)
            turn = _Turn([], [], turn.work)  # the rest is written, whatever comes now
            self._work(turn)
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing more may be sent
            self._fail(error, turn)
            return False
        return True

    def _next(self) -> _Turn:
        turn = _Turn([], [], [])
        while self._queue and not turn.work:  # work comes after what was asked for before it
            kind, what, told = self._queue.popleft()
            lists: dict[str, list[Any]] = {
                "attempt": turn.attempts,
                "settled": turn.settled,
                "work": turn.work,
            }
            lists[kind].append((what, told))
        if self._queue:
            self._wake.set()
        return turn

    def _write(self, turn: _Turn) -> None:
        look = time.monotonic() - self._looked >= LOOK
        if look:
            self._looked = time.monotonic()
        if look or turn.attempts or turn.settled:
            written = self._ledger.write(
                self._worker,
                [claimed for claimed, _ in turn.attempts],
                [settlement for settlement, _ in turn.settled],
                self._clock(),
                look=look,
            )
            self._loop.call_soon_threadsafe(self._tell, turn, written)

    def _work(self, turn: _Turn) -> None:
        for work, done in turn.work:
            result = work()
            self._loop.call_soon_threadsafe(_answer, done, result)

    def _tell(self, turn: _Turn, written: Written) -> None:
        if written.wishes:
            self._on_wishes(written.wishes)
        for _, told in turn.settled:
            told()
        for claimed, begun in turn.attempts:
            if claimed.id in written.attempting:
                begun(State.ATTEMPTING)
            else:
                begun(written.left_out.get(claimed.id, State.CLAIMED))

    def _fail(self, error: Exception, turn: _Turn | None = None) -> None:
        """Nothing more can be written: say so for all that was asked, and will be asked."""
        is_news = self._failure is None
        self._failure = error  # before the queue is emptied: what comes later finds it
        lost = [settlement for settlement, _ in turn.settled] if turn else []
        works = [done for _, done in turn.work] if turn else []
        with contextlib.suppress(IndexError):  # both threads may be emptying it
            while True:
                kind, what, told = self._queue.popleft()
                if kind == "settled":
                    lost.append(what)
                elif kind == "work":
                    works.append(told)

        def tell() -> None:
            for done in works:
                if not done.done():
                    done.set_exception(error)
            if is_news or lost:
                self._on_failure(error, lost)

        self._loop.call_soon_threadsafe(tell)


def _answer(done: asyncio.Future[Any], result: object) -> None:
    if not done.done():  # who asked may have been cancelled
        done.set_result(result)
