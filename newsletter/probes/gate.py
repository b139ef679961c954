"""Whose turn it is: a server is asked by few at a time, with a pause, and not when it says no."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import email.utils
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from newsletter.probes.answer import Failure
from newsletter.probes.url import RefusedError

Clock = Callable[[], datetime.datetime]
"""The time, with its zone."""

USUAL_WAIT = datetime.timedelta(minutes=10)
"""For a server that says "too many requests" but not for how long."""
LONGEST_WAIT = datetime.timedelta(days=1)
PATIENCE = 3
"""So many links without any answer, and their host is asked no more in this run."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How politely, and how patiently.

    Attributes:
        at_once: Requests at the same time.
        per_host: Requests to one host at the same time.
        pause: Seconds between the beginnings of two requests to one host.
        seconds: For one link in all, not counting the time in the queue.
        connect_seconds: Of these, for making one connection.
        redirects: Followed at most.
        links: Asked at most in one run.
    """

    at_once: int = 10
    per_host: int = 2
    pause: float = 0.2
    seconds: float = 10.0
    connect_seconds: float = 5.0
    redirects: int = 5
    links: int = 100


class Gate:
    """Lets requests through.

    Args:
        manners: How many and how fast.
        waits: Hosts that want no requests, and until when.
        clock: Tells the time.
    """

    def __init__(
        self, manners: Manners, waits: Mapping[str, datetime.datetime], clock: Clock
    ) -> None:
        self.waits = dict(waits)
        self._manners = manners
        self._clock = clock
        self._all = asyncio.Semaphore(manners.at_once)
        self._hosts: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(manners.per_host)
        )
        self._lines: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(manners.per_host)
        )
        self._next: dict[str, float] = {}
        self._unanswered: Counter[str] = Counter()

    def line(self, host: str) -> asyncio.Semaphore:
        """To be held for all requests of one link, so that it is finished before others begin."""
        return self._lines[host]

    @contextlib.asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until a host may be asked.

        Raises:
            RefusedError: It wants no requests, or answers none.
        """
        # First the host's own queue: those who wait in it must not hold up other hosts.
        async with self._hosts[host]:
            now = asyncio.get_running_loop().time()
            start = max(now, self._next.get(host, now))
            self._next[host] = start + self._manners.pause
            await asyncio.sleep(start - now)
            async with self._all:
                if self._must_wait(host):
                    raise RefusedError(Failure.ASKED_TO_WAIT)
                if self._unanswered[host] >= PATIENCE:
                    raise RefusedError(Failure.UNREACHABLE)
                yield

    def unanswered(self, host: str) -> None:
        """Take note of a link that got no answer: a site that is down would take minutes."""
        self._unanswered[host] += 1

    def keep_away(self, host: str, retry_after: str) -> None:
        """Ask a host no more for as long as it says.

        Args:
            host: The host.
            retry_after: The header of that name: seconds or a date (RFC 9110 section 10.2.3).
        """
        now = self._clock()
        self.waits[host] = min(now + LONGEST_WAIT, _until(retry_after, now) or now + USUAL_WAIT)

    def _must_wait(self, host: str) -> bool:
        return host in self.waits and self.waits[host] > self._clock()


def _until(retry_after: str, now: datetime.datetime) -> datetime.datetime | None:
    if retry_after.isascii() and retry_after.isdigit():
        return now + min(LONGEST_WAIT, datetime.timedelta(seconds=int(retry_after[:9])))
    try:
        until = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return until if until.tzinfo else until.replace(tzinfo=datetime.UTC)
