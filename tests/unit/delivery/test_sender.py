from __future__ import annotations

import datetime
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, update

from newsletter.database.engine import Database
from newsletter.database.states import Control
from newsletter.database.tables import subscribers
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.pace import Pace
from newsletter.delivery.pacing import Pacing
from newsletter.delivery.rate import Rate
from newsletter.delivery.sender import Progress, Summary, deliver
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.batches import BatchChannel
from newsletter.errors import DatabaseError, TransportConfigurationError, TransportError
from newsletter.render.edition import Edition
from tests.databases import on_both
from tests.unit.delivery.kit import (
    NOON,
    Clock,
    add_reader,
    add_readers,
    ledger_of,
    make_edition,
    make_sender,
)

Start = Callable[[int], Ledger]
Answer = Callable[[Message, int], Outcome]


class Memory:
    """A transport that keeps messages and answers as it is told."""

    leaves_machine = False

    def __init__(
        self,
        answer: Answer = lambda message, number: Accepted("ok"),
        *,
        connections: int = 1,
    ) -> None:
        self.messages: list[Message] = []
        self.openings = 0
        self.connections = connections
        self._answer = answer

    def describe(self) -> str:
        return "memory"

    def channel(self) -> BatchChannel:
        self.openings += 1
        return BatchChannel(self._deliver)

    def _deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        for message in messages:
            self.messages.append(message)
            yield self._answer(message, len(self.messages))


@pytest.fixture
def run(edition: Edition, sender: Sender, clock: Clock) -> Callable[..., Summary]:
    def run(ledger: Ledger, transport: Memory, **more: object) -> Summary:
        more = {"chance": lambda: 0.0, **more}
        return deliver(ledger, edition, sender, transport, clock=clock, **more)  # type: ignore[arg-type]

    return run


Run = Callable[..., Summary]


@on_both
def test_everybody_gets_one_message_and_the_campaign_is_finished(start: Start, run: Run) -> None:
    ledger, transport = start(20), Memory()
    summary = run(ledger, transport)
    assert summary.finished
    assert summary.states == {"accepted": 20}
    assert len({m.envelope.rcpt_to for m in transport.messages}) == 20
    assert len({m.message_id for m in transport.messages}) == 20
    again = run(ledger, transport)
    assert again.finished
    assert len(transport.messages) == 20
    assert transport.openings == 1, "with nothing to send there is no need to connect"


@on_both
def test_the_attempt_is_recorded_before_the_message_leaves(start: Start, run: Run) -> None:
    ledger = start(3)
    seen = []

    def look(message: Message, number: int) -> Outcome:
        being = {entry.address for entry in ledger.entries("attempting")}
        seen.append(message.envelope.rcpt_to in being and len(being) <= 2)
        return Accepted()

    run(ledger, Memory(look))
    assert seen == [True] * 3


def test_progress_is_told_and_ends_with_everybody(start: Start, run: Run) -> None:
    told: list[Progress] = []
    answers: dict[int, Outcome] = {2: Failed("550 no"), 3: Deferred("450 later")}
    transport = Memory(lambda message, number: answers.get(number, Accepted()))
    run(start(4), transport, on_progress=told.append)
    assert (told[-1].done, told[-1].total) == (4, 4)
    assert told[-1].states == {"accepted": 2, "failed": 1, "deferred": 1}
    assert [p.done for p in told] == sorted({p.done for p in told})


def test_one_refused_reader_is_one_failed_delivery(start: Start, run: Run) -> None:
    ledger = start(3)
    transport = Memory(lambda m, n: Failed("550 5.1.1 no") if n == 2 else Accepted())
    summary = run(ledger, transport)
    assert summary.finished
    assert summary.states == {"accepted": 2, "failed": 1}
    [entry] = ledger.entries("failed")
    assert (entry.address, entry.detail) == ("reader2@example.com", "550 5.1.1 no")


@on_both
def test_deferred_readers_are_tried_again_once_they_are_due(
    start: Start, run: Run, clock: Clock
) -> None:
    ledger = start(3)
    transport = Memory(lambda m, n: Deferred("451 4.7.1 greylisted") if n <= 3 else Accepted())
    first = run(ledger, transport)
    assert not first.finished
    assert first.next_due is not None
    assert run(ledger, transport).states == {"deferred": 3}, "too early"
    clock.advance(minutes=5)
    assert run(ledger, transport).states == {"accepted": 3}
    before, after = (
        [(m.envelope, m.data) for m in some]
        for some in (transport.messages[:3], transport.messages[3:])
    )
    assert before == after, "Message-ID, Date and all bytes are the same at every attempt"


@on_both
def test_unknown_is_held_until_somebody_says_otherwise(start: Start, run: Run) -> None:
    ledger = start(2)
    transport = Memory(lambda m, n: Unknown("silence") if n == 1 else Accepted())
    assert not run(ledger, transport).finished
    assert not run(ledger, transport).finished
    assert len(transport.messages) == 2
    ledger.reopen_unknown(ledger.campaign.started_at)
    assert run(ledger, transport).finished
    assert transport.messages[2].message_id == transport.messages[0].message_id


@pytest.mark.parametrize(
    "refusal",
    [
        Deferred("550 5.7.26 sender not signed {n}", About.SITE),
        Failed("554 5.7.1 relay access denied {n}", About.SITE),
        Failed("554 5.6.0 we do not like this letter {n}", About.MESSAGE),
    ],
)
def test_the_same_refusal_for_everybody_pauses_and_fails_nobody(
    start: Start, run: Run, refusal: Failed | Deferred
) -> None:
    ledger = start(20)

    def refuse(message: Message, number: int) -> Outcome:
        return type(refusal)(refusal.reason.format(n=number), refusal.about)

    transport = Memory(refuse)
    with pytest.raises(TransportError, match="5 readers in a row") as caught:
        run(ledger, transport)
    assert "newsletter doctor" in caught.value.hint
    assert len(transport.messages) == 5
    assert ledger.counts() == {"planned": 20}


@on_both
def test_a_short_list_that_is_refused_as_a_whole_fails_nobody_either(
    start: Start, run: Run
) -> None:
    ledger = start(2)
    with pytest.raises(TransportError, match="2 readers in a row"):
        run(ledger, Memory(lambda m, n: Failed("554 5.7.1 relay denied", About.SITE)))
    assert ledger.counts() == {"planned": 2}


def test_refusals_about_readers_never_pause(start: Start, run: Run) -> None:
    ledger = start(20)
    summary = run(ledger, Memory(lambda m, n: Failed("550 5.1.1 no such user")))
    assert summary.states == {"failed": 20}
    assert summary.finished


def test_refusals_that_alternate_with_success_do_not_pause(start: Start, run: Run) -> None:
    spam = Failed("554 5.7.1 spam", About.SITE)
    summary = run(start(20), Memory(lambda m, n: Accepted() if n % 5 == 0 else spam))
    assert summary.states == {"accepted": 4, "failed": 16}


def test_silence_after_each_dot_pauses_too_but_stays_unknown(start: Start, run: Run) -> None:
    ledger = start(20)
    with pytest.raises(TransportError, match="5 readers in a row"):
        run(ledger, Memory(lambda m, n: Unknown("then the server closed the connection")))
    assert ledger.counts() == {"unknown": 5, "planned": 15}


@pytest.mark.parametrize("kind", [TransportError, TransportConfigurationError])
def test_a_broken_transport_leaves_its_reader_planned(
    start: Start, run: Run, kind: type[TransportError]
) -> None:
    ledger = start(5)

    def breaks(message: Message, number: int) -> Outcome:
        if number == 3:
            raise kind("relay is down")
        return Accepted()

    with pytest.raises(kind):
        run(ledger, Memory(breaks))
    assert ledger.counts() == {"accepted": 2, "planned": 3}
    assert run(ledger, Memory()).states == {"accepted": 5}


@on_both
def test_a_reader_whose_message_cannot_be_made_fails_alone(
    database: Database, start: Start, run: Run
) -> None:
    ledger = start(3)
    with database.writing() as connection:
        connection.execute(
            update(subscribers)
            .where(subscribers.c.id == 2)
            .values(email="reader two@example.com\r\nBcc: eve@example.net")
        )
    summary = run(ledger, Memory())
    assert summary.states == {"accepted": 2, "failed": 1}
    [entry] = ledger.entries("failed")
    assert entry.detail.startswith("no message could be made: the part")
    assert "example" not in entry.detail


@on_both
def test_somebody_asks_to_stop_and_the_reader_in_hand_is_finished(start: Start, run: Run) -> None:
    ledger, transport = start(10), Memory()
    summary = run(ledger, transport, stop=lambda: len(transport.messages) >= 4)
    assert summary.interrupted
    assert not summary.finished
    assert summary.states == {"accepted": 4, "planned": 6}


def test_fifty_stops_skip_nobody_and_repeat_nobody(start: Start, run: Run) -> None:
    ledger, transport = start(60), Memory()
    for limit in range(1, 61):
        run(ledger, transport, stop=lambda limit=limit: len(transport.messages) >= limit)
    assert [m.envelope.rcpt_to for m in transport.messages] == [
        f"reader{n}@example.com" for n in range(1, 61)
    ]
    assert ledger.close(ledger.campaign.started_at)


@on_both
def test_many_channels_mail_everybody_once(start: Start, run: Run) -> None:
    ledger, transport = start(700), Memory(connections=10)
    summary = run(ledger, transport)
    assert summary.states == {"accepted": 700}
    assert len({m.envelope.rcpt_to for m in transport.messages}) == len(transport.messages) == 700
    assert 5 <= transport.openings <= 10


@on_both
def test_never_more_than_two_readers_a_channel_are_in_doubt(start: Start, run: Run) -> None:
    ledger = start(120)
    most: list[int] = []

    def look(message: Message, number: int) -> Outcome:
        most.append(ledger.counts().get("attempting", 0))
        return Accepted()

    run(ledger, Memory(look, connections=4))
    assert max(most) <= 8


@on_both
def test_a_channel_that_breaks_leaves_its_reader_to_the_others(start: Start, run: Run) -> None:
    ledger = start(60)
    broken: list[int] = []

    def breaks_once(message: Message, number: int) -> Outcome:
        time.sleep(0.002)
        if number == 20:
            broken.append(number)
            raise TransportError("cut")
        return Accepted()

    transport = Memory(breaks_once, connections=3)
    summary = run(ledger, transport)
    assert broken
    assert summary.states == {"accepted": 60}
    assert summary.finished


@on_both
def test_a_campaign_is_paused_and_goes_on_while_it_runs(
    database: Database, start: Start, run: Run
) -> None:
    ledger, campaigns = start(120), Campaigns(database)
    seen: list[int] = []

    def look() -> None:
        seen.append(len(transport.messages))

    def go_on() -> None:
        look()
        campaigns.control(ledger.campaign, Control.RUNNING)

    def slowly(message: Message, number: int) -> Outcome:
        time.sleep(0.01)
        if number == 5:
            campaigns.control(ledger.campaign, Control.PAUSED)
            threading.Timer(1.0, look).start()
            threading.Timer(1.5, go_on).start()
        return Accepted()

    transport = Memory(slowly)
    summary = run(ledger, transport)
    assert summary.states == {"accepted": 120}
    assert 5 <= seen[0] == seen[1] < 120


@on_both
def test_a_pause_that_ends_before_the_message_in_hand_does_ends_nothing_else(
    database: Database, start: Start, run: Run
) -> None:
    ledger, campaigns = start(20), Campaigns(database)

    def slowly(message: Message, number: int) -> Outcome:
        if number == 5:
            for wish in (Control.PAUSED, Control.RUNNING):
                campaigns.control(ledger.campaign, wish)
                time.sleep(0.8)  # the engine looks four times a second
        return Accepted()

    summary = run(ledger, Memory(slowly))
    assert summary.states == {"accepted": 20}
    assert summary.finished


@on_both
def test_a_campaign_is_cancelled_while_it_runs(database: Database, start: Start, run: Run) -> None:
    ledger, campaigns = start(120), Campaigns(database)

    def cancel(message: Message, number: int) -> Outcome:
        time.sleep(0.01)
        if number == 5:
            campaigns.control(ledger.campaign, Control.CANCELLED)
        return Accepted()

    summary = run(ledger, Memory(cancel))
    assert summary.finished
    assert summary.control is Control.CANCELLED
    assert summary.states["cancelled"] > 0
    assert summary.states["accepted"] + summary.states["cancelled"] == 120


def at_domains(database: Database, *domains: str) -> None:
    """Give the readers addresses at these domains, in turn."""
    with database.writing() as connection:
        for number in connection.scalars(select(subscribers.c.id)).all():
            address = f"reader{number}@{domains[number % len(domains)]}"
            connection.execute(
                update(subscribers)
                .where(subscribers.c.id == number)
                .values(email=address, email_key=address)
            )


@on_both
def test_a_destination_that_wants_rest_gets_it_and_the_others_get_their_mail(
    database: Database, start: Start, run: Run
) -> None:
    ledger = start(200)
    at_domains(database, "example.com", "example.org", "tired.example.net")
    seen: list[str] = []

    def tired(message: Message, number: int) -> Outcome:
        domain = message.envelope.rcpt_to.partition("@")[2]
        seen.append(domain)
        if domain.startswith("tired"):
            return Deferred("421 4.7.28 unusual rate of mail", About.SITE)
        return Accepted()

    summary = run(ledger, Memory(tired, connections=3))
    assert summary.states == {"accepted": 133, "deferred": 67}
    assert seen.count("tired.example.net") <= 2
    assert summary.next_due
    assert summary.next_due >= NOON + datetime.timedelta(minutes=5)


def test_a_domain_has_its_own_rate_however_its_readers_wrote_it(
    database: Database, start: Start, run: Run
) -> None:
    ledger = start(20)
    at_domains(database, "bücher.example", "example.org")
    limit = Rate.parse("1/h")
    assert limit
    slow: list[str] = []

    def count(message: Message, number: int) -> Outcome:
        if message.envelope.rcpt_to.endswith("@xn--bcher-kva.example"):
            slow.append(message.message_id)
        return Accepted()

    transport = Memory(count, connections=2)
    run(
        ledger,
        transport,
        pacing=Pacing(Pace(domain_rates={"xn--bcher-kva.example": limit})),
        stop=lambda: len(transport.messages) >= 11,
    )
    assert len(slow) == 1


def test_a_destination_that_answers_slowly_does_not_hold_up_the_others(
    database: Database, start: Start, run: Run
) -> None:
    ledger = start(120)
    at_domains(database, *(f"d{n}.example.com" for n in range(30)))
    done: list[str] = []

    def slow(message: Message, number: int) -> Outcome:
        if message.envelope.rcpt_to.endswith("@d7.example.com"):
            deadline = time.monotonic() + 30
            while len(done) < 116 and time.monotonic() < deadline:
                time.sleep(0.01)
        else:
            done.append(message.message_id)
        return Accepted()

    assert run(ledger, Memory(slow, connections=4)).states == {"accepted": 120}
    assert len(done) == 116


def test_messages_leave_no_faster_than_the_rate_says(start: Start, run: Run) -> None:
    at: list[float] = []

    def note(message: Message, number: int) -> Outcome:
        at.append(time.monotonic())
        return Accepted()

    run(start(12), Memory(note, connections=3), pacing=Pacing(Pace(Rate.parse("5/s"))))
    assert at[-1] - at[0] >= 1.2, "five at once, then one each fifth of a second"


def test_one_domain_is_sent_to_slowly_and_the_others_do_not_wait_for_it(
    database: Database, start: Start, run: Run
) -> None:
    ledger = start(40)
    at_domains(database, "slow.example.com", *(f"d{n}.example.com" for n in range(9)))
    seen: list[tuple[str, float]] = []

    def note(message: Message, number: int) -> Outcome:
        seen.append((message.envelope.rcpt_to.partition("@")[2], time.monotonic()))
        return Accepted()

    slow = "slow.example.com"
    summary = run(ledger, Memory(note), pacing=Pacing(Pace(domain_rates={slow: Rate(2, 1)})))
    assert summary.states == {"accepted": 40}
    at = [moment for domain, moment in seen if domain == slow]
    assert len(at) == 4
    assert at[-1] - at[0] >= 0.9, "two at once, then one each half second"
    assert [domain for domain, _ in seen[-2:]] == [slow, slow], "all others are before the third"


def at_most(number: int) -> Pacing:
    """A ramp that leaves so many for today."""
    return Pacing(Pace(ramp=40), tried=lambda day: {day: 40 - number})


@on_both
@pytest.mark.parametrize("connections", [1, 3])
def test_a_run_begins_no_more_than_it_may(start: Start, run: Run, connections: int) -> None:
    ledger, transport = start(40), Memory(connections=connections)
    summary = run(ledger, transport, pacing=at_most(7))
    assert summary.states == {"accepted": 7, "planned": 33}
    assert summary.full
    assert not summary.interrupted
    assert not summary.finished
    nobody = run(ledger, transport, pacing=at_most(0))
    assert nobody.full
    assert nobody.states == summary.states
    rest = run(ledger, transport, pacing=at_most(33))
    assert rest.finished
    assert not rest.full
    assert len({m.envelope.rcpt_to for m in transport.messages}) == len(transport.messages) == 40


@on_both
def test_the_rate_can_be_changed_while_it_runs(database: Database, start: Start, run: Run) -> None:
    ledger, campaigns = start(30), Campaigns(database)

    def hurry(message: Message, number: int) -> Outcome:
        if number == 1:
            campaigns.set_rate(ledger.campaign, "10000/s")
        return Accepted()

    # At the first rate the second message would leave in an hour.
    pacing = Pacing(Pace(Rate.parse("1/h")))
    assert run(ledger, Memory(hurry), pacing=pacing).states == {"accepted": 30}


def test_what_is_sent_is_what_was_frozen(database: Database, sender: Sender, clock: Clock) -> None:
    add_readers(database, 1)
    campaigns = Campaigns(database)
    campaign = campaigns.start(make_edition(subject="As it was"), make_sender(), "memory", clock())
    transport = Memory()
    deliver(
        ledger_of(database, campaign),
        campaigns.edition(campaign),
        sender,
        transport,
        clock=clock,
    )
    assert b"Subject: As it was\r\n" in transport.messages[0].data


def test_a_hostile_name_harms_only_nobody(
    database: Database, edition: Edition, sender: Sender, clock: Clock
) -> None:
    add_reader(
        database,
        "eve@example.net",
        name="{{7*7}}<script>\r\nBcc: x@example.net",
        attributes={"unsubscribe_url": "https://evil.example.net/", "email": "x"},
    )
    ledger = ledger_of(
        database, Campaigns(database).start(edition, make_sender(), "memory", clock())
    )
    transport = Memory()
    deliver(ledger, edition, sender, transport, clock=clock)
    [message] = transport.messages
    assert b"\r\nBcc:" not in message.data
    assert b"&lt;script&gt;" in message.data.replace(b"=\r\n", b"")
    assert b"evil.example.net" not in message.data


def test_a_full_disk_while_recording_stops_at_once_and_names_the_delivery(
    database: Database, start: Start, run: Run, tmp_path: Path
) -> None:
    ledger = start(10)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = tmp_path / "newsletter.db-wal"

    def fill(message: Message, number: int) -> Outcome:
        if number == 3:
            # No file may grow beyond what the log has already: as on a full disk.
            resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
        return Accepted("250 ok")

    transport = Memory(fill)
    assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN
    try:
        with pytest.raises(DatabaseError) as caught:
            run(ledger, transport)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert len(transport.messages) <= 4, "no more than what was written down as begun"
    assert "3 (accepted)" in caught.value.message
    assert "@" not in caught.value.message
    counts = ledger.counts()
    assert counts["accepted"] in {1, 2}, "the second may be in the same turn as the third"
    assert counts["attempting"] <= 2
    summary = run(ledger, Memory())
    assert 3 in [entry.id for entry in ledger.entries("unknown")]
    assert summary.states["accepted"] + summary.states["unknown"] == 10


def test_readers_at_a_provider_that_refuses_us_do_not_stand_in_the_way_of_others(
    start: Start, run: Run
) -> None:
    ledger = start(12)
    blocked = {f"reader{n}@example.com" for n in range(1, 6)}

    def refuse(message: Message, number: int) -> Outcome:
        if message.envelope.rcpt_to in blocked:
            return Failed("550 5.7.1 blocked", About.SITE)
        return Accepted("250 ok")

    for _ in range(2):
        with pytest.raises(TransportError, match="5 readers in a row"):
            run(ledger, Memory(refuse))
    assert ledger.counts() == {"accepted": 7, "planned": 5}
