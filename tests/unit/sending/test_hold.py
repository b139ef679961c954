"""A run keeps to the hours, the ramp and the rates that ``[sending]`` names."""

from __future__ import annotations

import contextlib
import datetime

import pytest

from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.sender import Summary
from newsletter.errors import ConfigurationError
from newsletter.sending.hold import pacing_of
from newsletter.sending.proposal import propose
from newsletter.sending.run import run
from newsletter.sending.schedules import Order, Schedules
from newsletter.sending.start import start
from newsletter.sending.worker import Worker
from tests.unit.delivery.kit import NOON, Clock
from tests.unit.sending.desk import SLUG, Desk

TOMORROW = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("newsletter.sending.run.now", clock)
    return clock


def begin(desk: Desk) -> Campaign:
    with contextlib.closing(desk.open()) as project:
        return start(project, propose(project, project.find_own(SLUG)), NOON)


def send(desk: Desk, campaign: Campaign) -> Summary:
    with contextlib.closing(desk.open()) as project:
        return run(project, campaign)


def sending(desk: Desk, *lines: str) -> None:
    desk.configure("\n".join(["[sending]", *lines, ""]))


def test_without_the_table_nothing_holds_anybody(desk: Desk, clock: Clock) -> None:
    desk.readers(3)
    with contextlib.closing(desk.open()) as project:
        pacing = pacing_of(project, clock)
        assert pacing.allowance() is None
    assert not pacing.closed()
    summary = send(desk, begin(desk))
    assert summary.finished
    assert summary.held is None


def test_outside_the_window_nothing_leaves_and_inside_it_all_does(desk: Desk, clock: Clock) -> None:
    desk.readers(3)
    sending(desk, 'window = "14:00-18:00"', 'window_zone = "UTC"')
    campaign = begin(desk)
    summary = send(desk, campaign)
    assert summary.states == {"planned": 3}
    assert not summary.interrupted
    assert summary.held
    assert summary.held.until == NOON + datetime.timedelta(hours=2)
    assert "14:00-18:00 UTC" in summary.held.reason
    assert desk.outbox == []
    clock.advance(hours=2)
    assert send(desk, campaign).finished
    assert len(desk.outbox) == 3


def test_when_the_window_closes_the_run_ends_and_is_not_called_interrupted(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tick() -> datetime.datetime:
        clock.advance(seconds=1)
        return clock()

    monkeypatch.setattr("newsletter.sending.run.now", tick)
    desk.readers(300)
    sending(desk, 'window = "08:00-12:01"', 'window_zone = "UTC"')
    campaign = begin(desk)
    summary = send(desk, campaign)
    assert summary.states["planned"] + summary.states["accepted"] == 300
    assert 0 < summary.states["accepted"] <= 60, "one look at the clock or more for each"
    assert not summary.interrupted
    assert summary.held
    assert summary.held.until == TOMORROW + datetime.timedelta(hours=8)


def test_who_asks_to_stop_has_interrupted_it(desk: Desk, clock: Clock) -> None:
    desk.readers(3)
    sending(desk, 'window = "08:00-18:00"', 'window_zone = "UTC"', "ramp = 1")
    campaign = begin(desk)
    with contextlib.closing(desk.open()) as project:
        summary = run(project, campaign, stop=lambda: True)
    assert summary.held is None


def test_a_ramp_ends_the_day_and_doubles_on_the_next(desk: Desk, clock: Clock) -> None:
    desk.readers(10)
    sending(desk, "ramp = 3")
    campaign = begin(desk)
    summary = send(desk, campaign)
    assert summary.states == {"accepted": 3, "planned": 7}
    assert summary.held
    assert summary.held.until == TOMORROW
    assert "ramp" in summary.held.reason
    clock.advance(hours=6)
    assert send(desk, campaign).states == {"accepted": 3, "planned": 7}, "the same day"
    clock.advance(hours=6)
    assert send(desk, campaign).states == {"accepted": 9, "planned": 1}
    clock.advance(days=1)
    assert send(desk, campaign).finished
    assert len(desk.outbox) == 10


def test_a_ramp_and_a_window_go_on_when_both_allow_it(desk: Desk, clock: Clock) -> None:
    desk.readers(3)
    sending(desk, 'window = "07:00-21:00"', 'window_zone = "UTC"', "ramp = 1")
    summary = send(desk, begin(desk))
    assert summary.held
    assert summary.held.until == TOMORROW + datetime.timedelta(hours=7)


def test_other_campaigns_of_the_day_count_too(desk: Desk, clock: Clock) -> None:
    desk.readers(2)
    sending(desk, "ramp = 3")
    assert send(desk, begin(desk)).finished
    with contextlib.closing(desk.open()) as project:
        assert pacing_of(project, clock).allowance() == 1
        clock.advance(days=1)
        assert pacing_of(project, clock).allowance() == 4


def test_a_worker_goes_on_by_itself_when_the_window_opens(desk: Desk, clock: Clock) -> None:
    desk.readers(2)
    sending(desk, 'window = "14:00-18:00"', 'window_zone = "UTC"')
    with contextlib.closing(desk.open()) as project:
        proposal = propose(project, project.find_own(SLUG))
        hour = datetime.timedelta(hours=1)
        Schedules(project.database).add(Order(SLUG, proposal.digest, NOON, NOON + hour), NOON)
    said: list[str] = []
    worker = Worker(desk.open, lambda: False, said.append, clock)
    worker.look()
    clock.advance(hours=1)
    worker.look()
    assert desk.outbox == []
    assert len(said) == 2, "it says once that it waits"
    assert "it goes on from" in said[1]
    clock.advance(hours=1)
    worker.look()
    assert len(desk.outbox) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("domain_rates = { 'example.com' = '5 a second' }", "is not a rate such as 5/s"),
        ("domain_rates = { 'example.com' = '' }", "is not a rate such as 5/s"),
        ("domain_rates = { 'not a domain' = '5/s' }", "is not a mail domain"),
        ("ramp = -1", "sending.ramp: "),
        ("window = '7-21'", "written like this: 07:00-21:00"),
        ("window = '07:00-25:00'", "written like this: 07:00-21:00"),
        ("window = '07:00-07:00'", "opens and closes at the same time"),
        ("window_zone = 'Europe/Nowhere'", "is not a time zone such as Europe/Berlin"),
        ("windows = '07:00-21:00'", "sending.windows: is not a setting"),
    ],
)
def test_what_is_wrong_in_the_table_is_said_with_its_line(desk: Desk, line: str, said: str) -> None:
    sending(desk, line)
    with pytest.raises(ConfigurationError) as wrong:
        desk.open()
    assert said in wrong.value.message
    assert "newsletter.toml:6" in wrong.value.message
