from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select, update

from newsletter.database.states import Control, Wait
from newsletter.database.tables import deliveries
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.lock import sending_alone
from newsletter.errors import SendRefusedError
from newsletter.project import Project
from newsletter.sending import clock
from newsletter.sending.proposal import propose
from newsletter.sending.run import run
from newsletter.sending.schedules import Order, Schedules
from newsletter.sending.start import start
from newsletter.sending.worker import REST, Round, Worker
from tests.smtp import Moment, odd_server
from tests.unit.sending.desk import SLUG, SOUND, Desk

HOUR = datetime.timedelta(hours=1)


@dataclass
class Night:
    """A worker whose clock is ours, and what it said."""

    desk: Desk
    now: datetime.datetime = field(default_factory=clock.now)
    said: list[str] = field(default_factory=list)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Worker(self.desk.open, lambda: False, self.said.append, lambda: self.now)

    def look(self, **later: float) -> Round:
        self.now += datetime.timedelta(**later)
        return self.worker.look()

    @contextlib.contextmanager
    def project(self) -> Iterator[Project]:
        with contextlib.closing(self.desk.open()) as project:
            yield project

    def schedule(self, slug: str = SLUG, after: datetime.timedelta = HOUR) -> None:
        with self.project() as project:
            proposal = propose(project, project.find_own(slug))
            at = self.now + after
            order = Order(slug, proposal.digest, at, at + HOUR)
            Schedules(project.database).add(order, self.now)

    def states(self) -> list[tuple[Wait, str]]:
        with self.project() as project:
            return [(found.state, found.reason) for found in Schedules(project.database).list()]

    def campaigns(self) -> list[tuple[Campaign, dict[str, int]]]:
        with self.project() as project:
            return [
                (campaign, dict(Ledger(project.database, campaign).counts()))
                for campaign in Campaigns(project.database).list()
            ]

    def relay(self, port: int, more: str = "") -> None:
        self.desk.configure(
            f'transport = "smtp://127.0.0.1:{port}?security=none&connections=1"\n'
            f'base_url = "https://letter.example.org"\n{more}'
        )

    def known_readers(self) -> int:
        """Deliveries that still say whose they are."""
        query = select(func.count(deliveries.c.subscriber_id))
        with self.project() as project, project.database.reading() as connection:
            return connection.scalar(query) or 0

    def make_due(self) -> None:
        with self.project() as project, project.database.writing() as connection:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.state == "deferred")
                .values(next_attempt_at=self.now - HOUR)
            )


@pytest.fixture
def night(desk: Desk) -> Night:
    desk.readers(3)
    return Night(desk)


def test_before_its_time_nothing_goes_out(night: Night) -> None:
    night.schedule()
    assert night.look(minutes=59) == Round()
    assert night.desk.outbox == []
    assert night.states() == [(Wait.WAITING, "")]


def test_at_its_time_it_goes_out_once(night: Night) -> None:
    night.schedule()
    assert night.look(minutes=61) == Round()
    assert len(night.desk.outbox) == 3
    assert night.states() == [(Wait.STARTED, "")]
    assert night.look(minutes=1) == Round()
    assert len(night.desk.outbox) == 3
    assert "starts, scheduled for" in night.said[0]
    assert night.said[1] == f"{SLUG} is finished: 3 accepted."


def test_what_is_stale_never_goes_out(night: Night) -> None:
    night.schedule()
    assert night.look(hours=3) == Round(missed=1)
    [(state, reason)] = night.states()
    assert state is Wait.MISSED
    assert "nothing could start it between" in reason
    assert night.look(hours=-2) == Round(), "not even when the clock is set back"
    assert night.desk.outbox == []
    assert "was missed" in night.said[0]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (SOUND.replace("Friday", "Sunday"), "has changed since it was scheduled"),
        (SOUND + "draft: true\n", "is a draft"),
        ("not: [an issue", "not a valid issue"),
        (None, "there is no issue"),
    ],
    ids=["changed", "a draft again", "broken", "gone"],
)
def test_what_is_not_as_it_was_is_missed(night: Night, now: str | None, said: str) -> None:
    night.schedule()
    if now is None:
        (night.desk.root / "issues" / f"{SLUG}.yaml").unlink()
    else:
        night.desk.issue(now)
    assert night.look(minutes=61).missed == 1
    [(state, reason)] = night.states()
    assert state is Wait.MISSED
    assert said in reason
    assert night.desk.outbox == []


def test_what_was_sent_by_hand_meanwhile_is_not_sent_again(night: Night) -> None:
    night.schedule()
    with night.project() as project:
        proposal = propose(project, project.find_own(SLUG))
        run(project, start(project, proposal, clock.now()))
    assert night.look(minutes=61).missed == 1
    assert "was sent on" in night.states()[0][1]
    assert len(night.desk.outbox) == 3


def test_one_that_is_missed_does_not_keep_others_back(night: Night) -> None:
    night.schedule()
    next_week = SOUND.replace("ferry", "bus").replace("11-20", "11-27")
    night.desk.issue(next_week, "2026-11-27")
    night.schedule("2026-11-27")
    night.desk.issue("not: [an issue")
    assert night.look(minutes=61).missed == 1, night.said
    assert [state for state, _ in night.states()] == [Wait.MISSED, Wait.STARTED]
    assert len(night.desk.outbox) == 3


def test_while_another_program_sends_it_waits(night: Night) -> None:
    night.schedule()
    with sending_alone(night.desk.root / ".newsletter"):
        assert night.look(minutes=61) == Round(incomplete=True)
        assert night.look() == Round(incomplete=True)
    assert len(night.said) == 1, "said once"
    assert night.look() == Round()
    assert len(night.desk.outbox) == 3


def test_another_sender_is_a_change_too(night: Night) -> None:
    night.schedule()
    night.desk.configure('bounce_address = "bounces@example.org"\n')
    assert night.look(minutes=61) == Round(missed=1)
    assert "has changed since it was scheduled" in night.states()[0][1]


def test_deferred_readers_of_a_sending_by_hand_are_tried_again(night: Night) -> None:
    busy = [True]

    def behaviour(moment: Moment) -> str | None:
        return "451 4.2.1 later" if "reader2" in moment.line and busy[0] else None

    with odd_server(behaviour) as server:
        night.relay(server.port)
        with night.project() as project:
            proposal = propose(project, project.find_own(SLUG))
            run(project, start(project, proposal, clock.now()))
        assert night.look() == Round(incomplete=True), "not due yet"
        assert len(server.copies) == 2
        busy[0] = False
        night.make_due()
        assert night.look() == Round()
        assert len(server.copies) == 3
    assert night.campaigns()[0][1] == {"accepted": 3}


def test_refusals_that_are_too_many_to_be_believed_are_told(night: Night) -> None:
    def behaviour(moment: Moment) -> str | None:
        return None if "reader3" in moment.line else refusal.get(moment.stage)

    refusal = {"RCPT": "550 5.1.1 no such user"}
    with odd_server(behaviour) as server:
        night.relay(server.port)
        night.schedule()
        assert night.look(minutes=61) == Round()
    assert night.said[-1].endswith("Refusals that are doubted: 2; see: newsletter report.")


def test_what_somebody_interrupted_or_paused_is_theirs(night: Night) -> None:
    with night.project() as project:
        campaign = start(project, propose(project, project.find_own(SLUG)), clock.now())
    assert night.look() == Round(incomplete=True)
    assert night.campaigns()[0][1] == {"planned": 3}
    with night.project() as project:
        Campaigns(project.database).control(campaign, Control.PAUSED)
    assert night.look() == Round()
    assert night.desk.outbox == []


def test_a_relay_that_is_down_is_tried_again_after_a_rest(night: Night) -> None:
    down = [True]

    def behaviour(moment: Moment) -> str | None:
        return "421 4.3.2 down" if moment.stage == "greeting" and down[0] else None

    with odd_server(behaviour) as server:
        night.relay(server.port)
        night.schedule()
        assert night.look(minutes=61) == Round(incomplete=True)
        assert "is held up" in night.said[-1]
        tried = server.connections
        assert night.look() == Round(incomplete=True)
        assert server.connections == tried, "it rests"
        down[0] = False
        assert night.look(seconds=REST.total_seconds()) == Round()
        assert len(server.copies) == 3
    assert night.states() == [(Wait.STARTED, "")]


def test_a_relay_that_wants_a_longer_rest_gets_it(night: Night) -> None:
    strict = [True]

    def behaviour(moment: Moment) -> str | None:
        rate = "421 4.7.28 unusual rate of mail" if strict[0] else None
        return rate if moment.stage == "greeting" else None

    with odd_server(behaviour) as server:
        night.relay(server.port)
        night.schedule()
        assert night.look(minutes=61) == Round(incomplete=True)
        strict[0], tried = False, server.connections
        assert night.look(minutes=9) == Round(incomplete=True)
        assert server.connections == tried, "ten minutes are what such an answer asks for"
        assert night.look(minutes=1) == Round()
        assert len(server.copies) == 3


def test_a_sending_that_died_with_its_worker_goes_on_with_the_next(night: Night) -> None:
    night.schedule()
    night.now += HOUR
    with night.project() as project:
        [schedule] = Schedules(project.database).list()
        proposal = propose(project, project.find_own(SLUG))
        claim = Schedules(project.database).claim(schedule, night.now)
        campaign = start(project, proposal, night.now, first=claim)
        ledger = Ledger(project.database, campaign)
        dead = ledger.start_worker(night.now, alone=True)
        assert ledger.claim(dead, 500, night.now, proposal.sender.new_message_id)
    assert night.look() == Round()
    assert len(night.desk.outbox) == 3


def test_without_a_database_there_is_nothing_to_do_and_none_is_made(desk: Desk) -> None:
    assert Night(desk).look() == Round()
    assert not (desk.root / ".newsletter").exists()


def test_a_setting_that_is_wrong_for_a_while_is_said_once_and_survived(night: Night) -> None:
    looks = iter([False, False, False, False, False, False, True])
    night.worker.stop = lambda: next(looks, True)
    night.desk.configure("rate = 3\n")
    night.worker.work(nap=datetime.timedelta())
    assert len(night.said) == 1
    assert "rate" in night.said[0]


def test_a_pause_does_not_hold_up_the_worker(night: Night) -> None:
    def pause(moment: Moment) -> None:
        if moment.stage == "body" and moment.message == 1:
            with night.project() as project:
                [campaign] = Campaigns(project.database).list()
                Campaigns(project.database).control(campaign, Control.PAUSED)

    with odd_server(pause) as server:
        night.relay(server.port, 'rate = "1/s"\n')
        night.schedule()
        assert night.look(minutes=61) == Round(incomplete=True)
        assert len(server.copies) < 3
        assert night.look() == Round(), "it rests as long as it is paused"
        assert len(server.copies) < 3


def test_after_an_old_database_was_put_back_a_worker_sends_nothing(night: Night) -> None:
    night.schedule()
    database = night.desk.root / ".newsletter/newsletter.db"
    before = database.read_bytes()
    night.look(minutes=61)
    database.write_bytes(before)
    with pytest.raises(SendRefusedError, match="an older copy was put back"):
        night.look()
    assert len(night.desk.outbox) == 3
    assert night.states() == [(Wait.WAITING, "")]


def test_what_need_not_be_known_any_more_is_erased_once_an_hour(night: Night) -> None:
    night.schedule()
    night.look(minutes=61)
    night.look(days=89)
    assert night.known_readers() == 3
    night.look(days=2)
    assert night.known_readers() == 0
    assert night.campaigns()[0][1] == {"accepted": 3}
