from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from sqlalchemy import insert, update

from newsletter.database.engine import Database
from newsletter.database.tables import subscribers
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.sender import Progress, Summary, deliver
from newsletter.delivery.transports.base import Message
from newsletter.errors import DatabaseError, TransportConfigurationError, TransportError
from newsletter.render.edition import Edition
from tests.unit.delivery.kit import Clock, add_readers, ledger_of, make_edition, make_sender

Start = Callable[[int], Ledger]
Answer = Callable[[Message, int], Outcome]


class Memory:
    """A transport that keeps messages and answers as it is told."""

    leaves_machine = False

    def __init__(self, answer: Answer = lambda message, number: Accepted("ok")) -> None:
        self.messages: list[Message] = []
        self.openings = 0
        self._answer = answer

    def describe(self) -> str:
        return "memory"

    def send(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        for message in messages:
            self.messages.append(message)
            yield self._answer(message, len(self.messages))

    def __enter__(self) -> Self:
        self.openings += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


@pytest.fixture
def run(edition: Edition, sender: Sender, clock: Clock) -> Callable[..., Summary]:
    def run(ledger: Ledger, transport: Memory, **more: object) -> Summary:
        return deliver(ledger, edition, sender, transport, clock=clock, **more)  # type: ignore[arg-type]

    return run


Run = Callable[..., Summary]


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


def test_the_claim_is_recorded_before_the_message_leaves(start: Start, run: Run) -> None:
    ledger = start(3)
    seen = []

    def look(message: Message, number: int) -> Outcome:
        [entry] = ledger.entries("claimed")
        seen.append(entry.address == message.envelope.rcpt_to)
        return Accepted()

    run(ledger, Memory(look))
    assert seen == [True] * 3


def test_progress_is_told_after_each_reader(start: Start, run: Run) -> None:
    told: list[Progress] = []
    answers: dict[int, Outcome] = {2: Failed("550 no"), 3: Deferred("450 later")}
    transport = Memory(lambda message, number: answers.get(number, Accepted()))
    run(start(4), transport, on_progress=told.append)
    assert [(p.done, p.total) for p in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert told[-1].states == {"accepted": 2, "failed": 1, "deferred": 1}


def test_one_refused_reader_is_one_failed_delivery(start: Start, run: Run) -> None:
    ledger = start(3)
    transport = Memory(lambda m, n: Failed("550 5.1.1 no") if n == 2 else Accepted())
    summary = run(ledger, transport)
    assert summary.finished
    assert summary.states == {"accepted": 2, "failed": 1}
    [entry] = ledger.entries("failed")
    assert (entry.address, entry.detail) == ("reader2@example.com", "550 5.1.1 no")


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
    before, after = transport.messages[:3], transport.messages[3:]
    assert before == after, "Message-ID, Date and all bytes are the same at every attempt"


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
    with pytest.raises(TransportError, match="5 readers in a row"):
        run(ledger, transport)
    assert len(transport.messages) == 5
    assert ledger.counts() == {"planned": 20}


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
    with database.writing() as connection:
        connection.execute(
            insert(subscribers).values(
                email="eve@example.net",
                email_key="eve@example.net",
                name="{{7*7}}<script>\r\nBcc: x@example.net",
                attributes={"unsubscribe_url": "https://evil.example.net/", "email": "x"},
                status="active",
                token="t",
                created_at=clock(),
            )
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
    assert len(transport.messages) == 3
    assert "delivery 3 (accepted)" in caught.value.message
    assert "@" not in caught.value.message
    assert ledger.counts() == {"accepted": 2, "claimed": 1, "planned": 7}
    ledger.recover(ledger.campaign.started_at)
    assert [entry.id for entry in ledger.entries("unknown")] == [3]
    assert run(ledger, Memory()).states == {"accepted": 9, "unknown": 1}


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
