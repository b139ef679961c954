"""The pace of a run follows what is wished, and nothing that is wished can stop it."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import update

from newsletter.database.engine import Database
from newsletter.database.states import Control
from newsletter.database.tables import workers
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.delivery.pace import Pace, Window
from newsletter.delivery.pace_wish import PaceWish
from newsletter.delivery.pacing import Pacing
from newsletter.delivery.rate import Rate
from newsletter.delivery.sender import Summary, deliver
from newsletter.delivery.throttle import Destinations
from newsletter.delivery.wishes import Wishes
from newsletter.errors import ConfigurationError
from newsletter.render.edition import Edition
from tests.databases import on_both, only_postgresql
from tests.unit.delivery.kit import NOON, Clock
from tests.unit.delivery.test_sender import Memory

Start = Callable[[int], Ledger]
DAY = Window(datetime.time(7), datetime.time(21), datetime.UTC)
USUAL = Pace(Rate(50, 1), {"example.com": Rate(5, 1)}, DAY, 100)


def wishes(wish: PaceWish, programs: int = 1) -> Wishes:
    return Wishes(Control.RUNNING, *wish.written(), programs)


@pytest.mark.parametrize(
    ("wish", "holds"),
    [
        (PaceWish(), USUAL),
        (PaceWish.of(rate="2/s"), Pace(Rate(2, 1), USUAL.domain_rates, DAY, 100)),
        (PaceWish.of(ramp=0), Pace(USUAL.rate, USUAL.domain_rates, DAY, 0)),
        (PaceWish.of(window=""), Pace(USUAL.rate, USUAL.domain_rates, None, 100)),
        (PaceWish.of(domain_rates={"Example.COM": ""}), Pace(USUAL.rate, {}, DAY, 100)),
        (
            PaceWish.of(domain_rates={"bücher.example": "1/min"}),
            Pace(
                USUAL.rate,
                {"example.com": Rate(5, 1), "xn--bcher-kva.example": Rate(1, 60)},
                DAY,
                100,
            ),
        ),
        (
            PaceWish.of(window="08:00-09:00", window_zone="Europe/Berlin"),
            Pace(
                USUAL.rate,
                USUAL.domain_rates,
                PaceWish.of(window="08:00-09:00", window_zone="Europe/Berlin").over(Pace()).window,
                100,
            ),
        ),
    ],
)
def test_a_wish_changes_what_it_names_and_is_kept_with_the_campaign(
    wish: PaceWish, holds: Pace
) -> None:
    assert wish.over(USUAL) == holds
    assert PaceWish.read(*wish.written()).over(USUAL) == holds


def test_a_later_wish_leaves_of_an_earlier_one_what_it_does_not_name() -> None:
    first = PaceWish.of(rate="2/s", domain_rates={"example.com": "", "example.net": "1/s"})
    both = first.then(PaceWish.of(ramp=7, domain_rates={"example.net": "3/s"}))
    assert both.over(USUAL) == Pace(Rate(2, 1), {"example.net": Rate(3, 1)}, DAY, 7)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "fast"},
        {"domain_rates": {"example.com": "fast"}},
        {"domain_rates": {"not a domain": "5/s"}},
        {"domain_rates": {"not a domain": ""}},
        {"ramp": -1},
        {"window": "7-21"},
        {"window": "07:00-07:00"},
        {"window": "07:00-21:00", "window_zone": "Europe/Nowhere"},
    ],
)
def test_what_means_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        PaceWish.of(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rate", "rest"),
    [
        ("fast", ""),
        ("", "{"),
        ("", "[]"),
        ("", "7"),
        ("", '{"of a later version": 1}'),
        ("", '{"window": 7}'),
        ("", '{"domain_rates": "all"}'),
        ("", '{"ramp": "many"}'),
    ],
)
def test_what_cannot_be_understood_is_told_once_and_the_pace_stays(rate: str, rest: str) -> None:
    told: list[str] = []
    pacing = Pacing(USUAL, clock=Clock(), tell=told.append)
    assert pacing.hear(wishes(PaceWish.of(rate="2/s")))
    before = pacing.pace
    for _ in range(3):
        assert not pacing.hear(Wishes(Control.RUNNING, rate, rest))
    assert pacing.pace == before
    assert pacing.rate == Rate(2, 1)
    assert len(told) == 2
    assert "not taken over" in told[1]
    assert pacing.hear(wishes(PaceWish())), "and it hears what is wished next"
    assert pacing.pace == USUAL


def test_programs_that_send_together_share_all_rates() -> None:
    told: list[str] = []
    pacing = Pacing(USUAL, clock=Clock(), tell=told.append)
    assert pacing.rate == Rate(50, 1)
    assert pacing.hear(wishes(PaceWish(), 4))
    assert pacing.rate == Rate(12.5, 1)
    assert pacing.domain_rates == {"example.com": Rate(1.25, 1)}
    assert told == [
        "The pace is now: 50/s at most, 5/s to example.com, in the window 07:00-21:00 UTC, "
        "ramp 100, shared by 4 programs."
    ]
    assert pacing.hear(wishes(PaceWish(), 1))
    assert pacing.rate == Rate(50, 1)


def test_they_share_what_a_ramp_leaves_for_the_day() -> None:
    pacing = Pacing(Pace(ramp=100), clock=Clock(), tried=lambda day: {day: 31})
    assert pacing.allowance() == 69
    pacing.hear(wishes(PaceWish(), 2))
    assert pacing.allowance() == 34, "never more together than there is"


def test_a_window_that_is_changed_closes_or_opens_at_once() -> None:
    clock = Clock()
    pacing = Pacing(clock=clock)
    assert not pacing.closed()
    pacing.hear(wishes(PaceWish.of(window="14:00-18:00", window_zone="UTC")))
    assert pacing.closed()
    assert pacing.allowance() == 0
    pacing.hear(wishes(PaceWish.of(window="11:00-12:30", window_zone="UTC")))
    assert not pacing.closed()
    clock.advance(minutes=30)
    assert pacing.closed()


def test_a_domain_whose_rate_is_lifted_need_not_wait_for_it() -> None:
    hourly = {"example.com": Rate(1, 3600)}
    destinations = Destinations(20, hourly)
    destinations.begin("example.com", 1.0)
    assert not destinations.may("example.com", 1.0)
    destinations.change_rates({}, 1.0)
    assert destinations.may("example.com", 1.0)
    destinations.change_rates({**hourly, "example.net": Rate(1, 3600)}, 1.0)
    destinations.begin("example.net", 1.0)
    assert not destinations.may("example.net", 1.0)


def test_a_domain_keeps_what_it_has_used_up_when_other_rates_change() -> None:
    hourly = {"example.com": Rate(1, 3600)}
    destinations = Destinations(20, hourly)
    destinations.begin("example.com", 1.0)
    destinations.change_rates({**hourly, "example.net": Rate(9, 1)}, 1.0)
    assert not destinations.may("example.com", 1.0)


@on_both
def test_only_programs_that_are_alive_count(database: Database, start: Start) -> None:
    ledger = start(1)
    mine, *others = (ledger.start_worker(NOON, alone=False) for _ in range(4))
    assert ledger.wishes(NOON).programs == 4
    ledger.end_worker(others[0], NOON)
    with database.writing() as connection:  # another one has been silent for long
        connection.execute(
            update(workers)
            .where(workers.c.id == others[1].id)
            .values(lease_until=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        )
    assert ledger.wishes(NOON).programs == 2
    written = ledger.write(mine, [], [], NOON)
    assert written.wishes
    assert written.wishes.programs == 2


@on_both
def test_a_program_that_is_not_alone_sends_its_share_from_the_first_message_on(
    edition: Edition, sender: Sender, clock: Clock, start: Start
) -> None:
    ledger = start(3)
    ledger.start_worker(NOON, alone=False)
    told: list[str] = []
    pacing = Pacing(Pace(Rate(90_000, 1)), clock=clock, tell=told.append)
    shares: list[Rate | None] = []

    def note(*_: object) -> None:
        shares.append(pacing.rate)

    transport = Memory()
    summary = deliver(
        ledger,
        edition,
        sender,
        transport,
        clock=clock,
        pacing=pacing,
        alone=False,
        on_progress=note,
    )
    assert summary.finished
    assert set(shares) == {Rate(45_000, 1)}
    assert told == ["The pace is now: 90000/s at most, shared by 2 programs."]


@on_both
def test_a_change_is_made_of_what_is_kept(database: Database, start: Start) -> None:
    campaign, campaigns = start(1).campaign, Campaigns(database)
    campaigns.set_rate(campaign, "5/s")
    seen: list[tuple[str, str]] = []

    def change(rate: str, rest: str) -> tuple[str, str]:
        seen.append((rate, rest))
        return PaceWish.read(rate, rest).then(PaceWish.of(ramp=3)).written()

    campaigns.change_pace(campaign, change)
    campaigns.change_pace(campaign, change)
    assert seen == [("5/s", ""), ("5/s", '{"ramp": 3}')]


@only_postgresql
def test_two_programs_follow_one_change(
    edition: Edition, sender: Sender, clock: Clock, database: Database, start: Start
) -> None:
    ledger = start(40)
    both_wait = threading.Barrier(2, timeout=60)
    transports = (Memory(), Memory())
    told: list[str] = []
    ends: list[Summary] = []

    def send(transport: Memory) -> None:
        other = Database.open(database.name, keys=database.keys)

        def stop() -> bool:
            if transport.messages and transport not in waited:
                waited.append(transport)
                if both_wait.wait() == 0:  # each has sent its first, and the next is due in hours
                    Campaigns(other).set_rate(ledger.campaign, "10000/s")
            return False

        pacing = Pacing(Pace(Rate(1, 3600)), clock=clock, tell=told.append)
        summary = deliver(
            Ledger(other, ledger.campaign),
            edition,
            sender,
            transport,
            clock=clock,
            pacing=pacing,
            alone=False,
            stop=stop,
        )
        other.close()
        ends.append(summary)

    waited: list[Memory] = []
    threads = [threading.Thread(target=send, args=[transport]) for transport in transports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert len(ends) == 2
    assert ledger.counts() == {"accepted": 40}
    mailed = [m.envelope.rcpt_to for transport in transports for m in transport.messages]
    assert len(mailed) == len(set(mailed)) == 40
    assert any("1/h at most, shared by 2 programs" in line for line in told)
    assert sum("10000/s at most" in line for line in told) >= 2
