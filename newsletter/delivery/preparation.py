"""Messages made ready ahead of the wire: claimed in blocks, composed and signed in threads."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from newsletter.delivery.address import AddressError, wire_address
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.openpgp.errors import NotEncryptedError
from newsletter.delivery.outcome import About, Failed
from newsletter.delivery.reply import scrub
from newsletter.delivery.suspects import Suspects
from newsletter.delivery.waiting import Job, Waiting

if TYPE_CHECKING:
    from newsletter.delivery.presses import Presses

BLOCK = 500
"""Readers claimed together."""

CHUNK = 16
"""Messages composed together: a thread takes and gives the interpreter once for all of them."""

READY = 4 * CHUNK
"""Messages that wait for the wire."""


def compose(
    presses: Presses, jobs: Iterable[Job], suspects: Suspects | None = None, slot: int = 0
) -> list[Job]:
    """Make the messages of some deliveries.

    Args:
        presses: Make them.
        jobs: The deliveries.
        suspects: Is told which one is being made, in case the program dies of it.
        slot: Of ``suspects``, for this thread alone.
    """
    if suspects is None:
        return [_made(presses, job) for job in jobs]
    made = []
    for job in jobs:
        if job.claimed.id in suspects.convicted:
            made.append(Job(job.claimed, job.domain, failure=_QUARANTINED))
            continue
        suspects.making(slot, job.claimed.id)
        made.append(_made(presses, job))
    suspects.making(slot, 0)
    return made


_QUARANTINED = Failed("quarantined: the program died several times while it made this message")


def _made(presses: Presses, job: Job) -> Job:
    claimed = job.claimed
    try:
        message = presses.message(claimed)
    except Exception as error:  # noqa: BLE001 - whatever it was, nothing was sent, others go on
        # A ValueError is about this reader's data; anything else will hit the others, too.
        about = About.RECIPIENT if isinstance(error, ValueError) else About.MESSAGE
        said = scrub(str(error) or type(error).__name__, claimed.recipient.address)
        what = "not sent" if isinstance(error, NotEncryptedError) else "no message could be made"
        return Job(claimed, job.domain, failure=Failed(f"{what}: {said}", about))
    return Job(claimed, job.domain, message)


def _job(claimed: Claimed) -> Job:
    address = claimed.recipient.address
    with contextlib.suppress(AddressError):  # it will be told when its message is made
        address = wire_address(address)
    return Job(claimed, address.rpartition("@")[2].lower())


class Preparation:
    """Keeps some messages ready; everything but the composing is in the event loop's thread.

    A message is made when its destination may get it, or soon will: readers at a destination that
    must wait may be thousands, and their messages would only lie in memory.

    Args:
        presses: Make the messages.
        threads: In how many threads; 0 makes them at once, where nothing is worth a thread.
        on_ready: Called when there is more than before, or nothing will come any more.
        call_soon: Calls something in the event loop's thread.
        suspects: Is told which message is being made.
    """

    def __init__(
        self,
        presses: Presses,
        threads: int,
        on_ready: Callable[[], None],
        call_soon: Callable[..., object],
        suspects: Suspects | None = None,
    ) -> None:
        self._suspects = suspects
        self._presses, self._on_ready, self._call_soon = presses, on_ready, call_soon
        self._pool = ThreadPoolExecutor(threads, "compose") if threads else None
        self._most = threads * 3
        self._claims = Waiting()
        self._ready = Waiting()
        self._at_work: dict[int, Sequence[Job]] = {}
        self._chunks = 0

    def __len__(self) -> int:
        """How many deliveries are in preparation."""
        return self.under_way + self._claims.parked + self._ready.parked

    @property
    def under_way(self) -> int:
        """How many of them wait for nothing but their turn."""
        return self._claims.free + CHUNK * len(self._at_work) + self._ready.free

    @property
    def parked_domains(self) -> set[str]:
        """Destinations that have jobs and may get nothing at present."""
        return {*self._claims.parked_domains, *self._ready.parked_domains}

    def add(self, claims: Iterable[Claimed]) -> None:
        """Prepare these, too."""
        self._claims.add(map(_job, claims))
        self._go_on()

    def next(self, may: Callable[[str], bool]) -> Job | None:
        """A job that is ready and whose destination may get it now, if there is one."""
        self._go_on()
        job = self._ready.next(may)
        if job is None and self._pool is None and (job := self._claims.next(may)):
            (job,) = compose(self._presses, [job], self._suspects)
        return job

    def put_back(self, job: Job) -> None:
        """A job that is not handed over yet; it comes next."""
        self._ready.put_back(job)

    def unpark(self, domain: str) -> None:
        """A destination may get something again."""
        self._ready.unpark(domain)
        self._claims.unpark(domain)

    def remove(self, domain: str) -> list[Job]:
        """Take away the jobs of a destination, but for those whose messages are being made."""
        return [*self._ready.remove(domain), *self._claims.remove(domain)]

    def leftovers(self) -> list[int]:
        """Numbers of the deliveries that were claimed and not given out; nothing is left then."""
        jobs = [job for chunk in self._at_work.values() for job in chunk]
        jobs += [*self._claims.clear(), *self._ready.clear()]
        self._at_work.clear()
        return [job.claimed.id for job in jobs]

    def close(self) -> None:
        """End the threads."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _go_on(self) -> None:
        """Compose what there is room for, ahead of the wire."""
        while (
            self._pool
            and len(self._at_work) < self._most
            and self._ready.free < READY - CHUNK
            and (chunk := self._chunk())
        ):
            self._chunks += 1
            self._at_work[self._chunks] = chunk
            self._pool.submit(self._work, self._chunks, chunk)

    def _chunk(self) -> list[Job]:
        chunk: list[Job] = []
        while len(chunk) < CHUNK and (job := self._claims.next(self._is_wanted)):
            chunk.append(job)
        return chunk

    def _is_wanted(self, domain: str) -> bool:
        return not self._ready.is_parked(domain)  # else there are enough that cannot leave

    def _work(self, number: int, chunk: Sequence[Job]) -> None:
        jobs = compose(self._presses, chunk, self._suspects, number)
        self._call_soon(self._done, number, jobs)

    def _done(self, number: int, jobs: list[Job]) -> None:
        if self._at_work.pop(number, None) is None:
            return  # given back meanwhile
        self._ready.add(jobs)
        self._on_ready()


def block_for(rate_per_second: float | None) -> int:
    """How many readers to claim together: at a slow rate no more than go out in half a minute."""
    return BLOCK if rate_per_second is None else max(10, min(BLOCK, int(rate_per_second * 30)))
