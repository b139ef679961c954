"""Paused and let go on at random moments, by a relay of random manners: it always comes to its end.

In one process, so that the engine can be made to look for wishes far more often than it does, and
many more orders of events are met in a second.
"""

from __future__ import annotations

import datetime
import random
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.database.engine import Database
from newsletter.database.states import Control
from newsletter.delivery import engine, writer
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.sender import deliver
from newsletter.delivery.smtp.relay import Relay
from newsletter.delivery.smtp.timeouts import Timeouts
from newsletter.delivery.transports.smtp import SmtpTransport
from tests.proof import rounds
from tests.smtp import CLOSE, Behaviour, Moment, odd_server
from tests.unit.delivery.kit import add_readers, make_edition, make_sender

SEEDS = range(20261124, 20261124 + rounds(4, 300))


class Meddler:
    """Somebody who pauses a campaign and lets it go on, again and again."""

    def __init__(self, campaigns: Campaigns, campaign: Campaign, chance: random.Random) -> None:
        self._campaigns, self._campaign, self._chance = campaigns, campaign, chance
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._meddle, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._enough.set()
        self._thread.join()

    def _meddle(self) -> None:
        for _ in range(15):
            for wish in (Control.PAUSED, Control.RUNNING):
                wait = self._chance.choice([0, 0.005, 0.02, 0.1]) * self._chance.random()
                if self._enough.wait(wait) and wish is Control.PAUSED:
                    return
                self._campaigns.control(self._campaign, wish)


def manners(chance: random.Random) -> Behaviour:
    """A server that is slow at some stage, and perhaps closes after a few messages."""
    slow, closes_after = chance.choice([0, 0.002, 0.01, 0.03]), chance.choice([0, 0, 3, 7])
    stage = chance.choice(["greeting", "MAIL", "DATA", "end"])

    def behave(moment: Moment) -> str | None:
        if moment.stage == stage:
            time.sleep(chance.random() * slow)
        if closes_after and moment.stage == "MAIL" and moment.message > closes_after:
            return chance.choice([CLOSE, "421 4.7.0 enough"])
        return None

    return behave


@pytest.mark.proof
@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", SEEDS)
def test_however_often_it_is_paused_everybody_gets_one_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(writer, "LOOK", chance.choice([0.25, 0.02, 0.005]))
    monkeypatch.setattr(engine, "TICK", chance.choice([0.1, 0.02]))
    idle, connections = chance.choice([60, 0.05, 0.2]), chance.choice([1, 2, 4, 10])
    times = Timeouts(10, 10, 10, 10, 10, 10, 2, idle)
    with (
        closing(Database.open(tmp_path / "newsletter.db")) as database,
        odd_server(manners(chance), pipelining=chance.random() < 0.7) as server,
    ):
        readers = add_readers(database, chance.randint(20, 60))
        campaigns, edition, sender = Campaigns(database), make_edition(), make_sender()
        campaign = campaigns.start(edition, sender, "a test", _now())
        campaigns.set_rate(campaign, chance.choice(["", "200/s", "60/s"]))
        relay = Relay(
            "127.0.0.1",
            server.port,
            "example.org",
            timeouts=times,
            connections=connections,
            messages=chance.choice([0, 0, 2, 5]),
        )
        with closing(Meddler(campaigns, campaign, chance)):
            ledger = Ledger(database, campaign)
            summary = deliver(ledger, edition, sender, SmtpTransport([relay]), clock=_now)
    assert summary.states == {"accepted": len(readers)}
    assert Counter(name for copy in server.copies for name in copy.recipients) == Counter(readers)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
