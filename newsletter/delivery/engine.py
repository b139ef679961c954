"""The engine: keeps channels fed, the ledger written, and stops when it must."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from newsletter.database.states import Control, State
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.lane import Lane
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcome import About, Deferred, Outcome
from newsletter.delivery.pacing import Pacing
from newsletter.delivery.preparation import Preparation, block_for
from newsletter.delivery.rate import Bucket
from newsletter.delivery.refusals import Refusals
from newsletter.delivery.reply import scrub
from newsletter.delivery.settlement import Settlement, settle
from newsletter.delivery.throttle import AT_FIRST, Destinations
from newsletter.delivery.transports.base import Transport, together
from newsletter.delivery.waiting import Job
from newsletter.delivery.wishes import Wishes
from newsletter.delivery.workers import Worker
from newsletter.delivery.writer import Writer
from newsletter.errors import DatabaseError, TransportConfigurationError, TransportError

TICK = 0.1
"""Seconds between two looks at the clock, at whoever may want us to stop, and at the lanes."""

LANES_AT_FIRST = 5
"""Channels that are opened together; then twice as many with each tick that has work for them."""

SLOW = 5.0
"""Seconds after which a channel whose message is not answered gives the next one to another."""

MOST_BLOCKS = 20
"""So many blocks are claimed at most, though their destinations let few through: what is claimed is
in memory, and other machines want their share."""

LONG_REST = 30.0
"""Seconds of a destination's rest that are waited for; for a longer one its readers are put off."""

LANE_AGAIN = 30.0
"""Seconds after a channel broke until one more is tried."""


@dataclass
class Tally:
    """What this run has done so far.

    Attributes:
        done: Readers dealt with.
        states: How many of them came out in each state.
    """

    done: int = 0
    states: dict[str, int] = field(default_factory=dict)

    def count(self, state: State) -> None:
        """One more."""
        self.done += 1
        self.states[state.value] = self.states.get(state.value, 0) + 1


class Engine:
    """One run over the open deliveries of a campaign. Everything is in the event loop's thread.

    Args:
        ledger: Who is to get it.
        worker: This program, in the ledger.
        transport: Who takes the messages.
        pacing: When and how fast they may leave.
        clock: Tells the time.
        random: Gives a number from 0 up to 1.
        new_message_id: Makes Message-IDs.
        stop: Asked often; true ends the run after the messages in hand.
        on_tick: Told from time to time how far it has come.
        on_control: Told when somebody pauses it, lets it go on or calls it off.

    Raises:
        DatabaseError: It cannot be read how many messages may still leave.
    """

    def __init__(
        self,
        ledger: Ledger,
        worker: Worker,
        transport: Transport,
        *,
        pacing: Pacing,
        clock: Callable[[], datetime.datetime],
        random: Callable[[], float],
        new_message_id: Callable[[], str],
        stop: Callable[[], bool],
        on_tick: Callable[[Tally], None],
        on_control: Callable[[Control], None] = lambda _: None,
    ) -> None:
        self._ledger, self._worker, self._transport = ledger, worker, transport
        self._pacing, self._clock, self._random = pacing, clock, random
        self._new_message_id, self._stop, self._on_tick = new_message_id, stop, on_tick
        self._on_control = on_control
        self.tally = Tally()
        self.stopping = False
        """Nothing new may begin."""
        self.control = Control.RUNNING
        self.interrupted = False
        self.in_hand = True
        """Whether the ledger may hold something as claimed or attempted that nobody has ended."""
        self._refusals = Refusals()
        self._together = together(transport)
        # A request to a provider may hold messages to one destination only.
        most = transport.connections * max(2, self._together)
        at_first = AT_FIRST if self._together == 1 else most
        self._destinations = Destinations(most, pacing.domain_rates, at_first)
        self._most = pacing.allowance()
        self._counting = 0  # how often it is being found out anew how many may leave
        self.begun = 0
        """Messages that were begun, without those that were certainly not handed over."""
        self._held_up = False  # by a pause; nothing new begins until all lanes have ended
        self._error: Exception | None = None
        self.broken = False
        """Nothing can be written any more."""
        self._unwritten: list[Settlement] = []
        self._vain: set[int] = set()  # deliveries that a channel broke with
        self._claiming: asyncio.Future[list[Claimed]] | None = None
        self._going_back: set[asyncio.Future[None]] = set()
        self._over = False
        self._lanes: dict[asyncio.Task[None], Lane] = {}
        self._most_lanes = transport.connections
        self._lane_again = 0.0
        self._pump_at: asyncio.TimerHandle | None = None

    async def run(self, make_preparation: Callable[[Callable[[], None]], Preparation]) -> None:
        """Hand over what is due, until nothing is left or somebody wants it to stop.

        A campaign that is paused from elsewhere is waited for.

        Args:
            make_preparation: Makes messages; is given what to call when there are more.

        Raises:
            TransportError: The transport broke, or everybody meets the same refusal.
            DatabaseError: An outcome could not be written; nothing more was sent.
            LeaseLostError: Another program has taken over.
        """
        self._bucket = Bucket(self._pacing.rate, time.monotonic())
        self._preparation = make_preparation(self.pump)
        self._writer = Writer(
            self._ledger,
            self._worker,
            self._clock,
            self._wished,
            self._cannot_write,
            # Of each channel: how its message ended, and that the next one begins.
            enough=lambda: 2 * len(self._lanes),
        )
        ticking = asyncio.create_task(self._tick())
        ticking.add_done_callback(self._tick_ended)
        try:
            while True:
                await self._send()
                if not self._held_up or self._error or self.interrupted:
                    break
                await self._until_wished_otherwise()
        finally:
            self.stopping = True
            ticking.cancel()
            self._preparation.close()
            await self._give_back()
            await self._writer.close()
            self.in_hand = self.in_hand or self.broken
            self._on_tick(self.tally)
        if isinstance(self._error, DatabaseError) and self._unwritten:
            raise _in_doubt(self._unwritten, self._error)
        if self._error:
            raise self._error

    @property
    def exhausted(self) -> bool:
        """Whether there is nobody left who could be given to a lane."""
        if self.full:
            return True
        coming = self._claiming or self._going_back or len(self._preparation)
        return self._over and not coming

    @property
    def full(self) -> bool:
        """Whether this run has begun as many messages as it may."""
        return not self._counting and self._most is not None and self.begun >= self._most

    def next_job(self) -> Job | None:
        """Whose turn it is, if it is anybody's now."""
        if self.stopping or self._counting or self.full:
            return None
        if self._clock() >= self._ledger.give_up_at:
            self._too_late()
            return None
        now = time.monotonic()
        if not self._bucket.take(now):
            self._pump_later(self._bucket.wait(now))
            return None
        job = self._preparation.next(lambda domain: self._destinations.may(domain, now))
        if job is None:
            self._bucket.give_back()
        else:
            self._destinations.begin(job.domain, now)
            self.begun += 1
        self._claim()
        return job

    def begin(self, job: Job, lane: Lane) -> None:
        """Have it written down that a delivery is about to be handed over."""
        self._writer.begin(job.claimed, lambda state: lane.begun(job, state))

    def not_begun(self, job: Job, state: State) -> None:
        """A delivery must not be handed over after all."""
        self._not_handed_over(job)
        if state is State.CLAIMED:  # the campaign was paused: it is still ours
            self._preparation.put_back(job)
        else:
            self.tally.count(state)

    def ended(self, job: Job, outcome: Outcome, lane: Lane) -> None:
        """What became of a message."""
        settlement = settle(
            job.claimed, outcome, self._clock(), self._ledger.give_up_at, self._random
        )
        domain, at = job.domain, time.monotonic()
        self._destinations.end(domain, outcome, at)
        if self.broken:
            self._unwritten.append(settlement)
            return
        self.tally.count(settlement.state)
        self._writer.settle(settlement, lane.settled)
        if self._refusals.note(job.claimed.id, outcome):
            self._end(self._refused())
        if self._destinations.may(domain, at):
            self._preparation.unpark(domain)
        self._look_around()

    def pump(self) -> None:
        """Something may have changed for the lanes."""
        for lane in self._lanes.values():
            lane.fill()

    async def _send(self) -> None:
        self._claim()
        self._add_lanes(LANES_AT_FIRST)
        while self._lanes:
            await asyncio.wait(self._lanes, return_when=asyncio.FIRST_COMPLETED)
            for task in [task for task in self._lanes if task.done()]:
                lane = self._lanes.pop(task)
                await self._lane_ended(task, lane)
            if not (self._lanes or self.stopping or self.exhausted):
                self._add_lanes(1)  # the last lane gave back what the others did not wait for
        all_refused = len(self._refusals.ids) == self.tally.done
        if self._refusals.ids and all_refused and not self._ledger.counts().get(State.ACCEPTED):
            # A short campaign may end before the refusals were enough.
            self._end(self._refused())

    async def _drive(self, lane: Lane) -> None:
        channel = self._transport.channel()
        try:
            while await lane.wait():
                await channel.run(lane)
        finally:
            await lane.close()

    async def _lane_ended(self, task: asyncio.Task[None], lane: Lane) -> None:
        error = task.exception()
        if error is not None and self._lanes and _bearable(error):
            # Others get through: the server wants fewer connections, or one was cut.
            self._most_lanes = len(self._lanes)
            self._lane_again = time.monotonic() + LANE_AGAIN
        elif isinstance(error, Exception):
            self._end(error)
        await self._release_leftovers(lane, str(error or ""))

    async def _release_leftovers(self, lane: Lane, why: str = "") -> None:
        """Give back what a lane has begun and not handed over; put off what is tried in vain."""
        tried, untried = lane.leftovers()
        again = [job for job in tried if job.claimed.id in self._vain]
        self._vain.update(job.claimed.id for job in tried)
        if not self.stopping:
            for job in again:
                self._put_off(job, why)
            tried = [job for job in tried if job not in again]
        for jobs, was_tried in ((tried, True), (untried, False)):
            for job in jobs:
                self._not_handed_over(job)
            await self._release([job.claimed.id for job in jobs], tried=was_tried)

    def _too_late(self) -> None:
        """The news is stale: what is ready goes back to the ledger, where a claim ends it."""
        if ids := self._preparation.leftovers():
            going_back = asyncio.ensure_future(self._release(ids))
            self._going_back.add(going_back)
            going_back.add_done_callback(self._gone_back)
        elif not self._going_back:
            self._claim()

    def _gone_back(self, task: asyncio.Future[None]) -> None:
        self._going_back.discard(task)
        if not task.cancelled():
            task.exception()  # the writer has told why

    def _not_handed_over(self, job: Job) -> None:
        self._destinations.give_back(job.domain)
        self.begun -= 1

    def _put_off(self, job: Job, why: str) -> None:
        # As if the other side had said 451 (RFC 5321 §3.8): others go on, and the run can end.
        outcome = Deferred(scrub(why, job.claimed.recipient.address), About.SITE)
        self._destinations.end(job.domain, outcome, time.monotonic())
        settlement = settle(
            job.claimed, outcome, self._clock(), self._ledger.give_up_at, self._random
        )
        self.tally.count(settlement.state)
        self._writer.settle(settlement, lambda: None)

    async def _release(self, ids: Sequence[int], *, tried: bool = False) -> None:
        if ids and not self.broken:
            with contextlib.suppress(Exception):  # the writer tells; others in hand come to an end
                await self._writer.run(
                    lambda: self._ledger.release(self._worker, ids, self._clock(), tried=tried)
                )
            self._over = self.broken
            self._claim()

    async def _give_back(self) -> None:
        """What was claimed and not handed over is anybody's again; what was refused, too."""
        try:
            if self._claiming:
                await asyncio.wait([self._claiming])
                await asyncio.sleep(0)  # its callback hands over what was claimed
            await self._release(self._preparation.leftovers())
            if self._refusals.ids and isinstance(self._error, TransportError):
                ids = self._refusals.ids
                await self._writer.run(lambda: self._ledger.reopen(ids, self._clock()))
            self.in_hand = self.broken
        except Exception as error:  # noqa: BLE001 - the first error is the one to tell
            self._error = self._error or error

    async def _until_wished_otherwise(self) -> None:
        while self.control is Control.PAUSED and not self.interrupted and not self._error:
            await asyncio.sleep(TICK)
        self._held_up = False
        gone = self.control is not Control.RUNNING  # called off while it was held up
        self.stopping = gone or self.interrupted or self._error is not None

    def _claim(self, *, further: bool = False) -> None:
        """Claim a block if few are left that wait for nothing but their turn.

        Args:
            further: Though many are claimed whose destinations must wait: others may come behind.
        """
        rate = self._bucket.rate
        block = block_for(rate.per_second if rate else None)
        if self._most is not None:
            block = min(block, self._most - self.begun - len(self._preparation))
        if (
            self._claiming
            or self._over
            or self.stopping
            or block < 1
            or self._preparation.under_way > block // 2
            or len(self._preparation) > (MOST_BLOCKS if further else 1) * block
        ):
            return
        self._claiming = asyncio.ensure_future(
            self._writer.run(
                lambda: self._ledger.claim(self._worker, block, self._clock(), self._new_message_id)
            )
        )
        self._claiming.add_done_callback(self._claimed)

    def _claimed(self, task: asyncio.Future[list[Claimed]]) -> None:
        self._claiming = None
        if task.cancelled() or task.exception():
            return  # the writer has told why
        found = task.result()
        self._over = not found
        self._preparation.add(found)
        for lane in self._lanes.values():
            lane.fill()
            lane.wake()

    def _add_lanes(self, number: int) -> None:
        most = min(self._most_lanes, len(self._lanes) + number)
        while len(self._lanes) < most:
            lane = Lane(self, self._together)
            self._lanes[asyncio.create_task(self._drive(lane))] = lane

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._look_around()
            self._on_tick(self.tally)
            if self.stopping or not self._lanes:
                continue
            now = time.monotonic()
            if self._most_lanes < self._transport.connections and now > self._lane_again:
                self._most_lanes += 1
                self._lane_again = now + LANE_AGAIN
            await self._see_to_the_slow(now)
            if any(lane.has_room for lane in self._lanes.values()):
                self._claim(further=True)
            if self._preparation.under_way > len(self._lanes):
                self._add_lanes(len(self._lanes))
            self.pump()

    def _tick_ended(self, ticking: asyncio.Task[None]) -> None:
        if not ticking.cancelled() and isinstance(error := ticking.exception(), Exception):
            self._end(error)  # else nobody would look at the lanes any more

    async def _see_to_the_slow(self, now: float) -> None:
        """Whoever waits behind a slow destination must not: somebody else can take them."""
        for lane in list(self._lanes.values()):
            since = lane.waits_since()
            if since is not None and now - since > SLOW:
                lane.is_slow = True
                await self._release_leftovers(lane)
        waiting = self._preparation
        for domain in waiting.parked_domains:
            rest = self._destinations.rests_for(domain, now)
            if rest > LONG_REST:
                await self._postpone(waiting.remove(domain), rest)
            elif self._destinations.may(domain, now):
                waiting.unpark(domain)

    async def _postpone(self, jobs: Sequence[Job], seconds: float) -> None:
        now = self._clock()
        due = now + datetime.timedelta(seconds=seconds * (1 + self._random() / 4))
        ids = [job.claimed.id for job in jobs]
        await self._writer.run(
            lambda: self._ledger.postpone(self._worker, ids, due, "its host asked for a rest", now)
        )
        for _ in jobs:
            self.tally.count(State.DEFERRED)

    def _look_around(self) -> None:
        if not self.interrupted and self._stop():
            self.interrupted = True
            self._end(None)

    def _wished(self, wishes: Wishes) -> None:
        if self._pacing.hear(wishes):
            self._change_pace()
        if wishes.control is not self.control:
            self.control = wishes.control
            self._on_control(self.control)
            # A pause may be over before the messages in hand are: the run goes on all the same.
            if self.control is not Control.RUNNING:
                self._held_up = self.control is Control.PAUSED
                self._end(None)

    def _change_pace(self) -> None:
        now = time.monotonic()
        self._bucket.change(self._pacing.rate, now)
        self._destinations.change_rates(self._pacing.domain_rates, now)
        if self._most is not None or self._pacing.pace.ramp:
            # Not before all that was begun is written down, so that nothing counts twice or never.
            self._counting += 1
            asyncio.ensure_future(self._writer.run(self._pacing.allowance)).add_done_callback(
                self._counted
            )

    def _counted(self, task: asyncio.Future[int | None]) -> None:
        self._counting -= 1
        if task.cancelled() or task.exception():
            return  # the writer has told why
        left = task.result()
        self._most = None if left is None else self.begun + left
        self._claim()
        for lane in self._lanes.values():
            lane.fill()
            lane.wake()

    def _cannot_write(self, error: Exception, lost: list[Settlement]) -> None:
        self._unwritten += lost
        self.broken = True
        if isinstance(self._error, TransportError):
            self._error = None  # who is in doubt is what matters more
        self._end(error)

    def _refused(self) -> TransportError:
        number = len(self._refusals.ids)
        readers = "1 reader" if number == 1 else f"{number} readers in a row"
        return TransportError(
            f"{self._transport.describe()}: {readers} met the same refusal: {self._refusals.words}",
            "No reader is counted as failed for this. newsletter doctor may find the reason, or "
            "whoever runs the relay; then send again with --resume.",
        )

    def _end(self, error: Exception | None) -> None:
        """Begin nothing more; what is in hand comes to its end."""
        self._error = self._error or error
        self.stopping = True
        for lane in self._lanes.values():
            lane.wake()

    def _pump_later(self, seconds: float) -> None:
        if self._pump_at is None:
            self._pump_at = asyncio.get_running_loop().call_later(seconds, self._pump_now)

    def _pump_now(self) -> None:
        self._pump_at = None
        self.pump()


def _bearable(error: BaseException) -> bool:
    """Whether it is one connection's trouble, perhaps, and not ours."""
    return isinstance(error, TransportError) and not isinstance(error, TransportConfigurationError)


def _in_doubt(unwritten: Sequence[Settlement], error: DatabaseError) -> DatabaseError:
    named = ", ".join(f"{one.claimed.id} ({one.state})" for one in unwritten[:20])
    more = f" and {len(unwritten) - 20} more" if len(unwritten) > 20 else ""
    became = "delivery" if len(unwritten) == 1 else "deliveries"
    return DatabaseError(
        f"cannot record what became of {became} {named}{more}: {error.message}",
        "Nothing more was sent. Mend the database, then send with --resume; what is in doubt will "
        "be listed as unknown in: newsletter status --failed",
    )
