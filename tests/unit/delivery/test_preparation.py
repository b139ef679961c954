from __future__ import annotations

import queue
from collections.abc import Iterator

import pytest

from newsletter.database.keys import Keys
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.message import Recipient
from newsletter.delivery.preparation import READY, Preparation
from newsletter.delivery.presses import Presses
from newsletter.delivery.transports.base import Message
from newsletter.delivery.waiting import Job
from tests.unit.delivery.kit import NOON, make_edition, make_sender

BUSY, FREE = "busy.example.com", "free.example.com"


class CountingPresses(Presses):
    """Real presses that note for whom they made a message."""

    def __init__(self) -> None:
        super().__init__([make_edition()], make_sender(), Keys.new())
        self.made: list[str] = []

    def message(self, claimed: Claimed) -> Message:
        self.made.append(claimed.recipient.address)
        return super().message(claimed)

    def number_at(self, domain: str) -> int:
        return sum(address.endswith(f"@{domain}") for address in self.made)


class Desk:
    """A preparation whose news are told when they are asked for."""

    def __init__(self, threads: int) -> None:
        self.presses = CountingPresses()
        self._news: queue.SimpleQueue[tuple[object, ...]] = queue.SimpleQueue()
        self.preparation = Preparation(
            self.presses, threads, lambda: None, lambda *call: self._news.put(call)
        )

    def claim(self, number: int, domain: str) -> None:
        self.preparation.add(
            Claimed(n, 1, f"<{n}@x>", NOON, Recipient(f"r{n}@{domain}", "t", {}))
            for n in range(1, number + 1)
        )

    def next(self, *closed: str) -> Job | None:
        """The next job, once the threads have nothing more to do."""
        while True:
            job = self.preparation.next(lambda domain: domain not in closed)
            if job or not self.preparation._at_work:
                return job
            call, *arguments = self._news.get(timeout=30)
            assert callable(call)
            call(*arguments)


@pytest.fixture(params=[0, 2])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    desk = Desk(request.param)
    yield desk
    desk.preparation.close()


def test_a_destination_that_must_wait_holds_up_nobody_and_few_messages_are_made_for_it(
    desk: Desk,
) -> None:
    desk.claim(500, BUSY)
    desk.claim(200, FREE)
    got = []
    while job := desk.next(BUSY):
        got.append(job.domain)
    assert got == [FREE] * 200
    assert desk.presses.number_at(BUSY) <= 2 * READY
    assert len(desk.preparation) == 500
    assert desk.preparation.parked_domains == {BUSY}


def test_all_come_in_their_order_once_the_destination_may_get_them(desk: Desk) -> None:
    desk.claim(300, BUSY)
    assert desk.next(BUSY) is None
    desk.preparation.unpark(BUSY)
    numbers = []
    while job := desk.next():
        assert job.message
        numbers.append(job.claimed.id)
    assert sorted(numbers) == list(range(1, 301))
    assert len(desk.preparation) == 0


def test_what_is_taken_away_or_left_over_is_named_whether_it_was_made_or_not(desk: Desk) -> None:
    desk.claim(150, BUSY)
    desk.claim(30, FREE)
    assert desk.next(BUSY)
    while desk.next(BUSY):
        pass
    taken = desk.preparation.remove(BUSY)
    assert {job.claimed.id for job in taken} == set(range(1, 151))
    desk.claim(40, FREE)
    assert sorted(desk.preparation.leftovers()) == list(range(1, 41))
    assert len(desk.preparation) == 0
