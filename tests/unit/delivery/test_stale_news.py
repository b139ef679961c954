"""News that goes stale while a sending lasts stays here, whatever was claimed before."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from newsletter.database.engine import Database
from newsletter.database.states import Control
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcome import Accepted, Outcome
from newsletter.delivery.sender import Summary, deliver
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.batches import BatchChannel
from newsletter.render.edition import Edition
from tests.databases import on_both
from tests.unit.delivery.kit import NOON, Clock, add_readers, ledger_of, make_sender

READERS = 60
TONIGHT = NOON + datetime.timedelta(hours=6)

pytestmark = pytest.mark.timeout(60)


class Evening:
    """A sending that began at noon and is stale at six, with a transport that tells the time."""

    leaves_machine = False
    connections = 2

    def __init__(self, database: Database, edition: Edition, clock: Clock) -> None:
        self.database, self.edition, self.clock = database, edition, clock
        self.taken = 0
        self.on_message: Callable[[int], None] = lambda number: None
        add_readers(database, READERS)
        campaign = Campaigns(database).start(
            edition, make_sender(), "a test", NOON, expires_at=TONIGHT
        )
        self.ledger: Ledger = ledger_of(database, campaign)

    def describe(self) -> str:
        return "a transport"

    def channel(self) -> BatchChannel:
        return BatchChannel(self._take)

    def _take(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        for _ in messages:
            self.taken += 1
            self.on_message(self.taken)
            yield Accepted("250 ok")

    def send(self) -> Summary:
        return deliver(self.ledger, self.edition, make_sender(), self, clock=self.clock)


@pytest.fixture
def evening(database: Database, edition: Edition, clock: Clock) -> Evening:
    return Evening(database, edition, clock)


@on_both
def test_what_is_ready_when_the_time_is_over_stays_here(evening: Evening) -> None:
    def late(number: int) -> None:
        if number == 5:
            evening.clock.now = TONIGHT

    evening.on_message = late
    summary = evening.send()
    assert 5 <= evening.taken <= 5 + 2 * evening.connections, "what was begun comes to its end"
    assert summary.states == {"accepted": evening.taken, "expired": READERS - evening.taken}
    assert summary.finished


@on_both
def test_after_a_pause_that_outlasted_it_nobody_gets_stale_news(evening: Evening) -> None:
    campaigns = Campaigns(evening.database)

    def go_on() -> None:
        evening.clock.now = TONIGHT + datetime.timedelta(hours=12)
        campaigns.control(evening.ledger.campaign, Control.RUNNING)

    def pause(number: int) -> None:
        if number == 5:
            campaigns.control(evening.ledger.campaign, Control.PAUSED)
            threading.Timer(1.0, go_on).start()
        threading.Event().wait(0.02)

    evening.on_message = pause
    summary = evening.send()
    assert summary.states["accepted"] == evening.taken < READERS
    assert summary.states == {"accepted": evening.taken, "expired": READERS - evening.taken}
    assert summary.finished
