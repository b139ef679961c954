from __future__ import annotations

import datetime
import threading

import pytest

from newsletter.database.engine import Database
from newsletter.database.states import Wait
from newsletter.errors import NotFoundError, SendRefusedError
from newsletter.sending.schedules import Order, Schedules
from newsletter.sending.signature import Signature
from tests.unit.delivery.kit import NOON

HOUR = datetime.timedelta(hours=1)


def order(slug: str = "2026-11-20", at: datetime.datetime = NOON) -> Order:
    return Order(slug, "c0ffee", at, at + HOUR)


def test_an_order_comes_back_with_all_that_was_agreed(database: Database) -> None:
    approved = Order(
        slug="2026-11-20",
        digest="c0ffee",
        at=NOON,
        not_after=NOON + HOUR,
        again=True,
        plan="{}",
        signatures=(Signature("p.ben.sig", "----"),),
        lists=("weekly", "alerts"),
        segment='language == "uk"',
    )
    made = Schedules(database).add(approved, NOON - HOUR)
    assert Schedules(database).list() == [made]
    assert made.order == approved
    assert made.state is Wait.WAITING


def test_the_next_one_comes_first(database: Database) -> None:
    schedules = Schedules(database)
    later = schedules.add(order("2026-11-27", NOON + HOUR), NOON - HOUR)
    first = schedules.add(order(), NOON - HOUR)
    assert [found.id for found in schedules.list(Wait.WAITING)] == [first.id, later.id]


def test_an_issue_waits_once(database: Database) -> None:
    schedules = Schedules(database)
    first = schedules.add(order(), NOON - HOUR)
    with pytest.raises(SendRefusedError, match="is scheduled already"):
        schedules.add(order(at=NOON + HOUR), NOON - HOUR)
    schedules.cancel(first.id)
    schedules.add(order(at=NOON + HOUR), NOON - HOUR)


def test_only_what_waits_can_be_taken_back(database: Database) -> None:
    schedules = Schedules(database)
    made = schedules.add(order(), NOON - HOUR)
    assert schedules.cancel(made.id).state is Wait.CANCELLED
    with pytest.raises(SendRefusedError, match="is cancelled already"):
        schedules.cancel(made.id)
    with pytest.raises(NotFoundError, match="no schedule 99"):
        schedules.cancel(99)


def test_what_was_taken_back_is_neither_missed_nor_started(database: Database) -> None:
    schedules = Schedules(database)
    made = schedules.add(order(), NOON - HOUR)
    schedules.cancel(made.id)
    assert not schedules.miss(made, "too late")
    with (
        pytest.raises(SendRefusedError, match="does not wait any more"),
        database.writing() as connection,
    ):
        schedules.claim(made, NOON)(connection)


def test_of_many_programs_one_starts_it(database: Database) -> None:
    schedules = Schedules(database)
    made = schedules.add(order(), NOON - HOUR)
    ready, won, lost = threading.Barrier(4), [], []

    def program(number: int) -> None:
        ready.wait()
        try:
            with database.writing() as connection:
                schedules.claim(made, NOON)(connection)
        except SendRefusedError:
            lost.append(number)
        else:
            won.append(number)

    threads = [threading.Thread(target=program, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 3)
    [found] = schedules.list()
    assert (found.state, found.started_at) == (Wait.STARTED, NOON)


def test_what_does_not_start_after_all_waits_on(database: Database) -> None:
    schedules = Schedules(database)
    made = schedules.add(order(), NOON - HOUR)

    def start_in_vain() -> None:
        with database.writing() as connection:
            schedules.claim(made, NOON)(connection)
            raise ValueError("no readers")

    with pytest.raises(ValueError, match="no readers"):
        start_in_vain()
    assert schedules.list()[0].state is Wait.WAITING
