"""All of a sending's pace can be changed while it goes out; a real server takes the letters."""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import update

from newsletter.database.tables import campaigns as campaigns_table
from newsletter.database.tables import subscribers
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.pace_wish import PaceWish
from newsletter.delivery.sender import Summary
from newsletter.project import Project
from newsletter.sending.proposal import propose
from newsletter.sending.run import run
from newsletter.sending.schedules import Order, Schedules
from newsletter.sending.start import start
from newsletter.sending.worker import Worker
from tests.smtp import Copy, real_server
from tests.unit.delivery.kit import NOON, Clock
from tests.unit.sending.desk import SLUG, Desk

PATIENCE = 60.0
"""Seconds after which a sending that does not follow is given up; it would take hours."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("newsletter.sending.run.now", clock)
    return clock


class Office:
    """A project that sends through a real server, and somebody who changes its pace meanwhile."""

    def __init__(self, desk: Desk, port: int, copies: list[Copy]) -> None:
        self._desk, self._port, self.copies = desk, port, copies
        self.told: list[str] = []

    def configure(self, *lines: str) -> None:
        transport = f'transport = "smtp://127.0.0.1:{self._port}?security=none&connections=2"'
        self._desk.configure("\n".join([transport, 'rate = "1/h"', "[sending]", *lines, ""]))

    def send(
        self,
        change: Callable[[Project, Campaign], None],
        enough: Callable[[], bool] = lambda: False,
    ) -> Summary:
        """Send; when the first letter has arrived, something is changed."""
        deadline, changed = time.monotonic() + PATIENCE, False
        with contextlib.closing(self._desk.open()) as project:
            campaign = start(project, propose(project, project.find_own(SLUG)), NOON)

            def stop() -> bool:
                nonlocal changed
                if self.copies and not changed:
                    changed = True
                    change(project, campaign)
                return enough() or time.monotonic() > deadline

            return run(project, campaign, stop=stop, tell=self.told.append)

    def at(self, domain: str) -> int:
        return sum(copy.recipients[0].endswith(f"@{domain}") for copy in self.copies)


@pytest.fixture
def office(desk: Desk, clock: Clock) -> Iterator[Office]:
    with real_server() as server:
        office = Office(desk, server.port, server.inbox.copies)
        office.configure()
        yield office


def wish(**words: object) -> Callable[[Project, Campaign], None]:
    """Somebody wishes this besides that it goes fast."""
    wished = PaceWish.of(rate="10000/s", **words)  # type: ignore[arg-type]

    def change(project: Project, campaign: Campaign) -> None:
        campaigns = Campaigns(project.database)
        campaigns.change_pace(
            campaign, lambda *before: PaceWish.read(*before).then(wished).written()
        )

    return change


def some_elsewhere(desk: Desk, number: int) -> None:
    """Every second reader is at example.net."""
    desk.readers(number)
    with contextlib.closing(desk.open()) as project, project.database.writing() as connection:
        for n in range(2, number + 1, 2):
            there = f"reader{n}@example.net"
            connection.execute(
                update(subscribers)
                .where(subscribers.c.email == f"reader{n}@example.com")
                .values(email=there, email_key=there, email_hash=project.database.keys.hash(there))
            )


def test_a_domain_that_was_held_back_is_let_go(desk: Desk, office: Office) -> None:
    office.configure("domain_rates = { 'example.com' = '1/h' }")
    desk.readers(20)
    assert office.send(wish(domain_rates={"example.com": ""})).states == {"accepted": 20}
    assert office.told == ["The pace is now: 10000/s at most."]


def test_a_domain_is_held_back_and_the_others_go_on(desk: Desk, office: Office) -> None:
    some_elsewhere(desk, 40)
    summary = office.send(
        wish(domain_rates={"example.net": "1/h"}), lambda: office.at("example.com") == 20
    )
    assert office.at("example.com") == 20
    assert office.at("example.net") <= 2, "the first may have been before the change"
    assert summary.states["planned"] >= 18


def test_when_the_window_is_moved_away_nothing_more_leaves(
    desk: Desk, office: Office, clock: Clock
) -> None:
    desk.readers(40)

    def close(project: Project, campaign: Campaign) -> None:
        closed = PaceWish.of(window="14:00-18:00", window_zone="UTC")
        Campaigns(project.database).change_pace(campaign, lambda *_: closed.written())

    summary = office.send(close)
    assert len(office.copies) == 1, "at the usual rate"
    assert not summary.interrupted
    assert summary.held
    assert summary.held.until == NOON + datetime.timedelta(hours=2)


@pytest.mark.parametrize(("ramp", "wished", "sent"), [(3, 6, 6), (0, 4, 4), (3, 0, 10)])
def test_a_ramp_is_raised_begun_or_lifted(
    desk: Desk, office: Office, ramp: int, wished: int, sent: int
) -> None:
    office.configure(f"ramp = {ramp}")
    desk.readers(10)
    summary = office.send(wish(ramp=wished))
    assert len(office.copies) == summary.states["accepted"] == sent
    assert bool(summary.held) is (sent < 10)


def test_what_means_nothing_is_told_and_the_sending_goes_on(desk: Desk, office: Office) -> None:
    desk.readers(20)

    def spoil(project: Project, campaign: Campaign) -> None:
        with project.database.writing() as connection:
            connection.execute(
                update(campaigns_table).values(rate="100000/s", pace='{"window": 7}')
            )

    mended: list[bool] = []

    def mend_when_told() -> bool:
        if office.told and not mended:
            mended.append(True)
            with contextlib.closing(desk.open()) as project:
                campaigns, better = Campaigns(project.database), PaceWish.of(rate="10000/s")
                campaigns.change_pace(campaigns.list()[0], lambda *_: better.written())
        return False

    assert office.send(spoil, mend_when_told).states == {"accepted": 20}
    assert "The wished pace is not taken over: " in office.told[0]
    assert "Still: 1/h at most." in office.told[0]
    assert office.told[1] == "The pace is now: 10000/s at most."


def test_a_worker_that_waits_for_the_window_goes_on_when_it_is_opened(
    desk: Desk, clock: Clock
) -> None:
    desk.readers(2)
    desk.configure('[sending]\nwindow = "14:00-18:00"\nwindow_zone = "UTC"\n')
    with contextlib.closing(desk.open()) as project:
        proposal = propose(project, project.find_own(SLUG))
        hour = datetime.timedelta(hours=1)
        Schedules(project.database).add(Order(SLUG, proposal.digest, NOON, NOON + hour), NOON)
    worker = Worker(desk.open, lambda: False, lambda _: None, clock)
    worker.look()
    worker.look()
    assert desk.outbox == []
    with contextlib.closing(desk.open()) as project:
        campaigns = Campaigns(project.database)
        opened = PaceWish.of(window="")
        campaigns.change_pace(campaigns.list()[0], lambda *_: opened.written())
    worker.look()
    assert len(desk.outbox) == 2
