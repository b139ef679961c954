"""Messages made ready ahead of the wire: claimed in blocks, composed and signed in threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

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
    presses: Presses, claims: Iterable[Claimed], suspects: Suspects | None = None, slot: int = 0
) -> list[Job]:
    """Make the messages of some deliveries.

    Args:
        presses: Make them.
        claims: The deliveries.
        suspects: Is told which one is being made, in case the program dies of it.
        slot: Of ``suspects``, for this thread alone.
    """
    if suspects is None:
        return [_job(presses, claimed) for claimed in claims]
    jobs = []
    for claimed in claims:
        if claimed.id in suspects.convicted:
            domain = _domain(claimed.recipient.address)
            jobs.append(Job(claimed, domain, failure=_QUARANTINED))
            continue
        suspects.making(slot, claimed.id)
        jobs.append(_job(presses, claimed))
    suspects.making(slot, 0)
    return jobs


_QUARANTINED = Failed("quarantined: the program died several times while it made this message")


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _job(presses: Presses, claimed: Claimed) -> Job:
    try:
        message = presses.message(claimed)
    except Exception as error:  # noqa: BLE001 - whatever it was, nothing was sent, others go on
        # A ValueError is about this reader's data; anything else will hit the others, too.
        about = About.RECIPIENT if isinstance(error, ValueError) else About.MESSAGE
        said = scrub(str(error) or type(error).__name__, claimed.recipient.address)
        what = "not sent" if isinstance(error, NotEncryptedError) else "no message could be made"
        failure = Failed(f"{what}: {said}", about)
        return Job(claimed, _domain(claimed.recipient.address), failure=failure)
    return Job(claimed, _domain(message.envelope.rcpt_to), message)


class Preparation:
    """Keeps some messages ready; everything but the composing is in the event loop's thread.

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
        self._claims: deque[Claimed] = deque()
        self._ready = Waiting()
        self._at_work: dict[int, Sequence[Claimed]] = {}
        self._chunks = 0

    def __len__(self) -> int:
        """How many deliveries are in preparation."""
        return self.under_way + self._ready.parked

    @property
    def under_way(self) -> int:
        """How many of them wait for nothing but their turn."""
        return len(self._claims) + CHUNK * len(self._at_work) + self._ready.free

    def add(self, claims: Iterable[Claimed]) -> None:
        """Prepare these, too."""
        self._claims.extend(claims)
        self.go_on()

    def next(self, may: Callable[[str], bool]) -> Job | None:
        """A job that is ready and whose destination may get it now, if there is one."""
        if self._ready.free < READY - CHUNK:
            self.go_on()
        job = self._ready.next(may)
        while job is None and self._claims and self._pool is None:
            self.go_on()  # what was ready is for destinations that must wait
            job = self._ready.next(may)
        return job

    @property
    def waiting(self) -> Waiting:
        """The jobs that are ready."""
        return self._ready

    def put_back(self, job: Job) -> None:
        """A job that is not handed over yet; it comes next."""
        self._ready.put_back(job)

    def go_on(self) -> None:
        """Compose what there is room for."""
        while self._claims and self._ready.free < READY:
            if self._pool and len(self._at_work) >= self._most:
                return
            chunk = [self._claims.popleft() for _ in range(min(CHUNK, len(self._claims)))]
            if self._pool is None:
                self._ready.add(compose(self._presses, chunk, self._suspects))
                continue
            self._chunks += 1
            number = self._chunks
            self._at_work[number] = chunk
            self._pool.submit(self._work, number, chunk)

    def leftovers(self) -> list[int]:
        """Numbers of the deliveries that were claimed and not given out; nothing is left then."""
        left = [claimed.id for chunk in self._at_work.values() for claimed in chunk]
        left += [claimed.id for claimed in self._claims]
        left += [job.claimed.id for job in self._ready.clear()]
        self._at_work.clear()
        self._claims.clear()
        return left

    def close(self) -> None:
        """End the threads."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _work(self, number: int, chunk: Sequence[Claimed]) -> None:
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
