"""A run always comes to its end, whatever breaks."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.ledger import Ledger, Written
from newsletter.delivery.message import Recipient
from newsletter.delivery.outcome import Accepted, Outcome
from newsletter.delivery.sender import Progress, deliver
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.batches import BatchChannel
from newsletter.delivery.workers import Worker
from newsletter.delivery.writer import Writer
from newsletter.errors import DatabaseError, TransportConfigurationError, TransportError
from tests.unit.delivery.kit import NOON, add_readers, make_edition, make_sender


class BrokenLedger:
    """Cannot be written."""

    def keeping(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def write(self, *_: Any, **__: Any) -> Written:
        raise DatabaseError("the disk is full")


def a_claim() -> Claimed:
    return Claimed(
        id=1,
        attempts=1,
        message_id="<1@example.org>",
        date=NOON,
        recipient=Recipient(address="reader@example.com", token="token", values={}),
    )


def test_what_is_asked_of_a_writer_that_has_failed_fails_too() -> None:
    async def ask() -> None:
        failed = asyncio.Event()
        failures: list[Exception] = []

        def note(error: Exception, _: Sequence[Settlement]) -> None:
            failures.append(error)
            failed.set()

        writer = Writer(
            cast("Ledger", BrokenLedger()),
            Worker(1),
            lambda: NOON,
            lambda _: None,
            note,
            enough=lambda: 1,
        )
        writer.begin(a_claim(), lambda _: None)
        writer._thread.join()
        with pytest.raises(DatabaseError):  # not: waiting for ever
            await asyncio.wait_for(writer.run(lambda: None), 1)
        await failed.wait()
        assert len(failures) == 1
        await writer.close()

    asyncio.run(ask())


class PatientLedger(BrokenLedger):
    """Can be written."""

    def write(self, *_: Any, **__: Any) -> Written:
        return Written(frozenset(), {}, None)


def test_a_claim_that_fails_puts_nobody_in_doubt_whose_end_was_written_before_it() -> None:
    def claim() -> None:
        raise DatabaseError("the disk is full")

    async def ask() -> list[Settlement]:
        lost: list[Settlement] = []
        writer = Writer(
            cast("Ledger", PatientLedger()),
            Worker(1),
            lambda: NOON,
            lambda _: None,
            lambda _, more: lost.extend(more),
            enough=lambda: 20,
        )
        writer.settle(Settlement(a_claim(), State.ACCEPTED, "250 ok", None), lambda: None)
        with pytest.raises(DatabaseError):
            await writer.run(claim)
        await writer.close()
        return lost

    assert asyncio.run(ask()) == []


class FailingLedger(Ledger):
    """A ledger that can be written until somebody says otherwise."""

    failure: Exception | None = None

    def write(self, *args: Any, **more: Any) -> Written:
        """Write, or fail."""
        if self.failure:
            raise self.failure
        return super().write(*args, **more)

    def release(self, *args: Any, **more: Any) -> None:
        """Give back, or fail."""
        if self.failure:
            raise self.failure
        super().release(*args, **more)


def send_until_it_ends(
    tmp_path: Path,
    answer: Callable[[FailingLedger, Message], Outcome],
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> None:
    """Send to forty readers over two channels."""
    with closing(Database.open(tmp_path / "newsletter.db")) as database:
        add_readers(database, 40)
        edition, sender = make_edition(), make_sender()
        ledger = FailingLedger(database, Campaigns(database).start(edition, sender, "test", NOON))

        def hand_over(messages: Sequence[Message]) -> Iterator[Outcome]:
            yield from (answer(ledger, message) for message in messages)

        class Transport:
            leaves_machine = False
            connections = 2

            def describe(self) -> str:
                return "a transport"

            def channel(self) -> BatchChannel:
                return BatchChannel(hand_over)

        deliver(ledger, edition, sender, Transport(), clock=lambda: NOON, on_progress=on_progress)


@pytest.mark.timeout(20)
def test_a_disk_that_fills_up_after_the_relay_broke_ends_the_run_and_names_who_is_in_doubt(
    tmp_path: Path,
) -> None:
    broke = threading.Event()

    def answer(ledger: FailingLedger, message: Message) -> Outcome:
        if message.envelope.rcpt_to != "reader1@example.com":
            broke.set()
            raise TransportConfigurationError("the relay wants a login", "Set one.")
        broke.wait(10)
        time.sleep(0.3)  # until the run has been told to stop
        ledger.failure = DatabaseError("the disk is full", "Make room.")
        return Accepted("250 ok")

    with pytest.raises(DatabaseError, match=r"1 \(accepted\).*the disk is full"):
        send_until_it_ends(tmp_path, answer)


@pytest.mark.timeout(20)
def test_who_was_in_hand_when_nothing_could_be_given_back_is_named_too(tmp_path: Path) -> None:
    in_hand, broke = threading.Event(), threading.Event()

    def answer(ledger: FailingLedger, message: Message) -> Outcome:
        if message.envelope.rcpt_to != "reader1@example.com":
            in_hand.wait(10)
            ledger.failure = DatabaseError("the disk is full", "Make room.")
            broke.set()
            raise TransportError("the relay hung up", "Call it again.")
        in_hand.set()
        broke.wait(10)
        time.sleep(0.3)  # until the other channel's readers were to be given back
        return Accepted("250 ok")

    with pytest.raises(DatabaseError, match=r"1 \(accepted\).*the disk is full"):
        send_until_it_ends(tmp_path, answer)


@pytest.mark.timeout(20)
def test_a_ledger_that_fails_in_a_way_nobody_thought_of_ends_the_run(tmp_path: Path) -> None:
    def answer(ledger: FailingLedger, message: Message) -> Outcome:
        ledger.failure = RuntimeError("nobody thought of this")
        return Accepted("250 ok")

    with pytest.raises(RuntimeError, match="nobody thought"):
        send_until_it_ends(tmp_path, answer)


@pytest.mark.timeout(20)
def test_progress_that_cannot_be_told_ends_the_run(tmp_path: Path) -> None:
    def tell(progress: Progress) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        send_until_it_ends(tmp_path, lambda *_: Accepted("250 ok"), on_progress=tell)
