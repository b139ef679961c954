"""Holding on to a wish while somebody is at work on it, however long the relay takes."""

from __future__ import annotations

import contextlib
import datetime
import threading
from collections.abc import Callable, Iterator

from newsletter.audience import requests
from newsletter.audience.requests import LEASE, Request
from newsletter.database.engine import Database
from newsletter.errors import DatabaseError

_EVERY = LEASE.total_seconds() / 4


@contextlib.contextmanager
def holding(
    database: Database,
    wish: Request,
    now: Callable[[], datetime.datetime],
    *,
    every: float = _EVERY,
) -> Iterator[None]:
    """Nobody else takes the wish until the end; when this program is killed, soon somebody does.

    Args:
        database: Where it is written down.
        wish: As it was taken.
        now: Tells the time.
        every: Seconds between two times of holding on to it.
    """
    ended = threading.Event()

    def hold() -> None:
        while not ended.wait(every):
            # If the database is busy for so long, the worst that can happen is the same mail twice.
            with contextlib.suppress(DatabaseError):
                requests.hold(database, wish, now())

    thread = threading.Thread(target=hold, name="holding", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
