"""Deliveries that wait for their turn: in the order of the ledger, a queue for each destination."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.delivery.claimed import Claimed
from newsletter.delivery.outcome import Failed

if TYPE_CHECKING:
    from newsletter.delivery.transports.base import Message


@dataclass(frozen=True, slots=True)
class Job:
    """A delivery, and its message once that is made.

    Attributes:
        claimed: The delivery.
        domain: Where it goes.
        message: Its message.
        failure: Why none can be made.
    """

    claimed: Claimed
    domain: str
    message: Message | None = None
    failure: Failed | None = None


class Waiting:
    """Jobs by destination; destinations that may get something now take turns.

    All that is asked often takes the same time, however many jobs and destinations there are.
    """

    def __init__(self) -> None:
        self._jobs: dict[str, deque[Job]] = {}
        self._turns: deque[str] = deque()
        self._parked: set[str] = set()
        self.free = 0
        """Jobs that wait for nothing but their turn."""
        self.parked = 0
        """Jobs whose destination may get nothing at present."""

    @property
    def parked_domains(self) -> list[str]:
        """Destinations that have jobs and may get nothing at present."""
        return list(self._parked)

    def is_parked(self, domain: str) -> bool:
        """Whether a destination has jobs and may get nothing at present."""
        return domain in self._parked

    def add(self, jobs: Iterable[Job]) -> None:
        """Jobs that come last."""
        for job in jobs:
            self._queue(job).append(job)

    def put_back(self, job: Job) -> None:
        """A job that comes first."""
        self._queue(job).appendleft(job)

    def next(self, may: Callable[[str], bool]) -> Job | None:
        """The next job of a destination that may get one; others are parked until ``unpark``."""
        while self._turns:
            domain = self._turns.popleft()
            jobs = self._jobs[domain]
            if not may(domain):
                self._parked.add(domain)
                self.free -= len(jobs)
                self.parked += len(jobs)
                continue
            self.free -= 1
            job = jobs.popleft()
            if jobs:
                self._turns.append(domain)
            else:
                del self._jobs[domain]
            return job
        return None

    def unpark(self, domain: str) -> None:
        """A destination may get something again."""
        if domain in self._parked:
            self._parked.remove(domain)
            self._turns.append(domain)
            number = len(self._jobs[domain])
            self.free += number
            self.parked -= number

    def remove(self, domain: str) -> list[Job]:
        """Take away the jobs of a destination."""
        if domain not in self._jobs:
            return []
        self.unpark(domain)
        self._turns.remove(domain)
        jobs = list(self._jobs.pop(domain))
        self.free -= len(jobs)
        return jobs

    def clear(self) -> list[Job]:
        """Take away everything."""
        jobs = [job for queue in self._jobs.values() for job in queue]
        self.__init__()  # type: ignore[misc]
        return jobs

    def _queue(self, job: Job) -> deque[Job]:
        queue = self._jobs.get(job.domain)
        if queue is None:
            queue = self._jobs[job.domain] = deque()
            self._turns.append(job.domain)
        if job.domain in self._parked:
            self.parked += 1
        else:
            self.free += 1
        return queue
