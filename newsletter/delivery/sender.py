"""Sending a campaign as far as it can be sent now."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsletter.database.states import Control
from newsletter.delivery import others
from newsletter.delivery.engine import Engine, Tally
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.delivery.pace import Held
from newsletter.delivery.pacing import Pacing
from newsletter.delivery.preparation import Preparation
from newsletter.delivery.suspects import Suspects
from newsletter.delivery.transports.base import Transport
from newsletter.errors import DatabaseError
from newsletter.render.edition import Edition

if TYPE_CHECKING:
    from newsletter.delivery.dkim.signer import Signer
    from newsletter.delivery.openpgp.encryption import Encryption

SIGNING_THREADS = 2
"""Threads that sign ahead of the wire. RSA-2048 on two cores: 1,019 messages a second with two, 977
with one, 826 with none (2026-11-23)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far this run has come.

    Attributes:
        done: Readers dealt with in this run.
        total: Readers there were to deal with when it began.
        states: How many of the done came out in each state.
    """

    done: int
    total: int
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended.

    Attributes:
        states: Deliveries of the whole campaign by state.
        seconds: How long the run took.
        finished: Whether nothing is open any more.
        interrupted: Whether somebody asked it to stop.
        next_due: When the first deferred delivery is due; None if there is none.
        control: What was wished of the campaign when the run ended.
        full: Whether it ended because it had begun as many messages as it might.
        held: Why it ended though readers wait, if the settings say so.
        struck_off: Addresses that are not mailed any more since servers refused them.
        doubted: Refusals that speak against readers, and are too many to be believed.
    """

    states: Mapping[str, int]
    seconds: float
    finished: bool
    interrupted: bool
    next_due: datetime.datetime | None
    control: Control = Control.RUNNING
    full: bool = False
    held: Held | None = None
    struck_off: int = 0
    doubted: int = 0


def deliver(
    ledger: Ledger,
    edition: Edition,
    sender: Sender,
    transport: Transport,
    *,
    clock: Callable[[], datetime.datetime],
    translations: Sequence[Edition] = (),
    signer: Signer | None = None,
    encryption: Mapping[str, Encryption] = MappingProxyType({}),
    pacing: Pacing | None = None,
    alone: bool = True,
    suspects: Suspects | None = None,
    chance: Callable[[], float] = random.random,
    stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_control: Callable[[Control], None] = lambda _: None,
) -> Summary:
    """Send a campaign as far as it can be sent now.

    What a program that died has left is settled first: who may have got it becomes unknown. With
    programs on several machines it ends when all of them have nothing left in hand: if one dies,
    the others go on with what it had claimed.

    Args:
        ledger: Who is to get it.
        edition: What they get: the campaign's first frozen edition.
        sender: Who it is from.
        transport: Who takes the messages.
        clock: Tells the time.
        translations: The campaign's further editions, in their order.
        signer: Signs the messages (DKIM).
        encryption: By list, what encrypts the letters of its readers.
        pacing: When and how fast they may leave; without it there is no limit. A run that may begin
            no more ends, and who waits still waits.
        alone: The caller holds the lock (``sending_alone``); false if programs on several machines
            share the database.
        suspects: Is told which message is being made, to find out of which one programs die.
        chance: Gives a number from 0 up to 1, for the jitter of retries.
        stop: Asked often; true ends the run after the messages in hand.
        on_progress: Told several times a second, and at the end.
        on_control: Told when somebody pauses it, lets it go on or calls it off meanwhile.

    Returns:
        The state of the campaign afterwards.

    Raises:
        TransportError: The transport broke, or refuses everybody for the same reason. Readers that
            this says nothing about are planned again; sending can be resumed.
        DatabaseError: An outcome could not be recorded; nothing more was sent.
    """
    from newsletter.delivery.presses import Presses

    presses = Presses(
        (edition, *translations), sender, ledger.keys, signer=signer, encryption=encryption
    )
    ledger.with_certificates = bool(encryption)
    began = clock()
    total, told, done = 0, -1, Tally()
    pacing = pacing or Pacing(clock=clock)

    def tell(tally: Tally) -> None:
        nonlocal told
        if tally.done != told:
            told = tally.done
            on_progress(Progress(tally.done, max(total, tally.done), dict(tally.states)))

    async def run(engine: Engine) -> None:
        loop = asyncio.get_running_loop()
        threads = SIGNING_THREADS if signer or encryption else 0
        await engine.run(
            lambda on_ready: Preparation(
                presses, threads, on_ready, loop.call_soon_threadsafe, suspects
            )
        )

    def once() -> Engine:
        nonlocal total
        worker = ledger.start_worker(clock(), alone=alone)
        pacing.hear(ledger.wishes(clock()))
        engine = Engine(
            ledger,
            worker,
            transport,
            pacing=pacing,
            clock=clock,
            random=chance,
            new_message_id=sender.new_message_id,
            stop=stop,
            on_tick=tell,
            on_control=on_control,
        )
        engine.tally = done
        try:
            if not engine.full and (due := ledger.due(clock())):
                total = done.done + due
                asyncio.run(run(engine))
        except BaseException:
            # What is still on record as in hand is settled by whoever sends next.
            if not engine.in_hand:
                with contextlib.suppress(DatabaseError):  # the first error is the one to tell
                    ledger.end_worker(worker, clock())
            raise
        ledger.end_worker(worker, clock())
        return engine

    engine = once()
    while (
        not alone
        and engine.control is Control.RUNNING
        and not engine.interrupted
        and not engine.full
        and others.leave_something(ledger, clock, stop)
    ):
        engine = once()
    control = engine.control if alone else ledger.wishes().control
    now = clock()
    if control is Control.CANCELLED:
        ledger.cancel_open(now)
    finished = ledger.close(now)
    return Summary(
        states=ledger.counts(),
        seconds=(now - began).total_seconds(),
        finished=finished,
        interrupted=(engine.interrupted or (not alone and stop())) and not finished,
        next_due=ledger.next_due(),
        control=control,
        full=engine.full and not finished,
    )
