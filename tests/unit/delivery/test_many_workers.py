"""Several programs that send the same campaign: what one leaves, the others go on with."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import update

from newsletter.database import postgresql
from newsletter.database.engine import Database
from newsletter.database.states import Control, State
from newsletter.database.tables import deliveries, subscriptions
from newsletter.delivery import others, preparation, workers
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.engine import MOST_BLOCKS
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.delivery.outcome import Accepted, Outcome
from newsletter.delivery.sender import Summary, deliver
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.transports.base import Message
from newsletter.delivery.workers import Worker
from newsletter.errors import DatabaseError
from newsletter.render.edition import Edition
from tests.databases import on_both, only_postgresql
from tests.unit.delivery.kit import NOON, Clock, new_id
from tests.unit.delivery.test_sender import Memory

Start = Callable[[int], Ledger]
Run = Callable[..., Summary]


@pytest.fixture
def run(edition: Edition, sender: Sender, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Send as one of several programs; it looks after the others twenty times a second."""
    monkeypatch.setattr(others, "LOOK", 0.05)

    def run(ledger: Ledger, transport: Memory, **more: object) -> Summary:
        return deliver(ledger, edition, sender, transport, clock=clock, alone=False, **more)  # type: ignore[arg-type]

    return run


def another_program(ledger: Ledger, claims: int, attempts: int) -> tuple[Worker, list[Claimed]]:
    """A program that has claimed some deliveries and is about to hand over the first of them."""
    worker = ledger.start_worker(NOON, alone=False)
    claimed = ledger.claim(worker, claims, NOON, new_id)
    ledger.write(worker, claimed[:attempts], [], NOON)
    return worker, claimed


@on_both
def test_a_run_ends_when_the_other_programs_have_nothing_left_in_hand(
    start: Start, run: Run
) -> None:
    ledger, transport = start(10), Memory()
    worker, claimed = another_program(ledger, 3, 3)

    def settle() -> None:
        ledger.write(worker, [], [Settlement(one, State.ACCEPTED, "ok") for one in claimed], NOON)

    timer = threading.Timer(0.5, settle)
    timer.start()
    summary = run(ledger, transport)
    timer.join()
    assert summary.finished
    assert summary.states == {"accepted": 10}
    assert len(transport.messages) == 7


@only_postgresql
def test_what_a_program_leaves_that_dies_meanwhile_is_sent_by_the_others(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LEASE", datetime.timedelta(seconds=1))
    ledger, transport = start(10), Memory()
    another_program(ledger, 5, 2)
    monkeypatch.setattr(workers, "LEASE", datetime.timedelta(seconds=60))
    told: list[tuple[int, int]] = []
    summary = run(ledger, transport, on_progress=lambda at: told.append((at.done, at.total)))
    assert summary.states == {"accepted": 8, "unknown": 2}
    assert len({message.envelope.rcpt_to for message in transport.messages}) == 8
    assert told[-1] == (8, 8)


@on_both
@pytest.mark.parametrize("wish", ["stop", "pause"])
def test_waiting_for_the_others_ends_when_somebody_wishes_it(
    database: Database, start: Start, run: Run, wish: str
) -> None:
    ledger, transport = start(4), Memory()
    another_program(ledger, 2, 1)
    campaigns, stopped = Campaigns(database), threading.Event()

    def speak_up() -> None:
        if wish == "stop":
            stopped.set()
        else:
            campaigns.control(ledger.campaign, Control.PAUSED)

    timer = threading.Timer(0.5, speak_up)
    timer.start()
    summary = run(ledger, transport, stop=stopped.is_set)
    timer.join()
    assert not summary.finished
    assert summary.interrupted is (wish == "stop")
    assert summary.control is (Control.RUNNING if wish == "stop" else Control.PAUSED)
    assert summary.states == {"accepted": 2, "claimed": 1, "attempting": 1}


@on_both
def test_who_unsubscribes_during_the_sending_is_not_mailed(
    database: Database, start: Start, run: Run
) -> None:
    ledger = start(60)

    def leave(message: Message, number: int) -> Outcome:
        if number == 1:
            with database.writing() as connection:
                connection.execute(
                    update(subscriptions)
                    .where(subscriptions.c.id > 30)
                    .values(status="unsubscribed", unsubscribed_at=NOON)
                )
        return Accepted()

    summary = run(ledger, Memory(leave))
    assert summary.finished
    assert summary.states == {"accepted": 30, "cancelled": 30}


@only_postgresql
def test_a_machine_that_is_cut_off_in_the_middle_of_a_change_keeps_nobody_waiting(
    place: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = start(2)
    monkeypatch.setattr(workers, "LEASE", datetime.timedelta(seconds=0))
    another_program(ledger, 2, 1)
    monkeypatch.setattr(postgresql, "IDLE_SECONDS", 0.5)
    cut_off = Database.open(place)

    def change_and_fall_silent() -> None:
        with cut_off.writing() as connection:
            connection.execute(update(deliveries).values(detail="half written"))
            assert ledger.settle_dead(NOON, alone=False) == 1, "it does not wait for ever"

    try:
        with pytest.raises(DatabaseError):
            change_and_fall_silent()
    finally:
        cut_off.close()
    assert ledger.counts() == {"planned": 1, "unknown": 1}
    assert [entry.detail for entry in ledger.entries("planned")] == [""]


@only_postgresql
def test_a_report_may_be_read_as_slowly_as_its_reader_likes(
    place: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(2)
    monkeypatch.setattr(postgresql, "IDLE_SECONDS", 0.2)
    database = Database.open(place)
    with database.reading() as connection:
        for _ in range(2):
            assert connection.exec_driver_sql("SELECT count(*) FROM deliveries").scalar() == 2
            time.sleep(0.5)
    database.close()


def test_a_destination_that_lets_few_through_does_not_make_a_program_claim_everybody(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "BLOCK", 5)
    ledger, transport = start(300), Memory()
    most: list[int] = []

    def look(message: Message, number: int) -> Outcome:
        if number == 1:  # all are at the same destination, and wait for this one
            time.sleep(1)
            most.append(ledger.counts()["claimed"])
        return Accepted()

    transport = Memory(look, connections=4)
    assert run(ledger, transport).states == {"accepted": 300}
    assert most[0] <= (MOST_BLOCKS + 1) * 5
