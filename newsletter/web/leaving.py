"""Unsubscribing in company: what arrives together is written together.

A commit to stable storage takes a few milliseconds, however many rows it holds. So the requests of
one moment share one, and each is answered when it is done.
"""

from __future__ import annotations

import asyncio
import datetime
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.audience.subscriptions import unsubscribe_in
from newsletter.database.engine import Database
from newsletter.errors import DatabaseError

_MOST = 500
_PAUSE = 0.5
"""Seconds after which a database that does not answer is asked again."""


@dataclass(frozen=True, slots=True)
class _Wish:
    subscription_id: int
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[bool]


class Leaving:
    """Takes readers off lists, in a thread that does nothing else.

    Args:
        database: Where they are.
        now: Tells the time.
    """

    def __init__(self, database: Database, now: Callable[[], datetime.datetime]) -> None:
        self._database = database
        self._now = now
        self._wishes: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="leaving", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what was asked for, and end."""
        self._stopping = True
        self._wishes.put(None)
        self._thread.join()

    async def leave(self, subscription_id: int) -> bool:
        """One reader leaves one list.

        Returns:
            True when that is on stable storage, also if they had left before or there is no such
            subscription; False if the database cannot be written.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()
        self._wishes.put(_Wish(subscription_id, loop, answer))
        return await answer

    def _work(self) -> None:
        goes_on = True
        while goes_on:
            try:
                with self._database.keeping(eager=True):
                    goes_on = self._serve()
            except DatabaseError:
                # Take a new connection; whoever waits meanwhile is told that it did not work.
                goes_on = not self._stopping
                self._answer(self._take(wait=False), done=False)
                time.sleep(_PAUSE)

    def _serve(self) -> bool:
        """Write until somebody says stop, or the database breaks."""
        while not self._stopping or not self._wishes.empty():
            wishes = self._take(wait=True)
            try:
                if wishes:
                    self._write(wishes)
            except DatabaseError:
                self._answer(wishes, done=False)
                raise
            self._answer(wishes, done=True)
        return False

    def _take(self, *, wait: bool) -> list[_Wish]:
        """Everything that has been asked for until now, or a good part of it."""
        taken: list[_Wish] = []
        while len(taken) < _MOST:
            try:
                wish = self._wishes.get(block=wait and not taken)
            except queue.Empty:
                break
            if wish is None:
                break
            taken.append(wish)
        return taken

    def _write(self, wishes: list[_Wish]) -> None:
        with self._database.writing() as connection:
            unsubscribe_in(connection, {wish.subscription_id for wish in wishes}, self._now())

    def _answer(self, wishes: list[_Wish], *, done: bool) -> None:
        for wish in wishes:
            try:
                wish.loop.call_soon_threadsafe(_settle, wish.answer, done)
            except RuntimeError:  # the loop has ended: nobody waits
                continue


def _settle(answer: asyncio.Future[bool], done: bool) -> None:  # noqa: FBT001 - a callback
    if not answer.done():  # whoever asked may have hung up
        answer.set_result(done)
