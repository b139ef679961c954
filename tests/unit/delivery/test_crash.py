"""A program that sends is killed at a chosen moment, and started again."""

from __future__ import annotations

import collections
import runpy
import signal
import subprocess
import sys
import unittest.mock
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.database.engine import Database
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.lock import sending_alone
from newsletter.errors import SendRefusedError
from tests.smtp import CLOSE, USUAL, Moment, OddServer, odd_server
from tests.unit.delivery.kit import NOON

PROGRAM = Path(__file__).with_name("sending_program.py")
READERS = 6
Start = Callable[[int], Ledger]


class Program:
    """The sending program, and the server that may kill it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, server: OddServer) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(self._folder), str(server.port)],
            stderr=subprocess.PIPE,
        )
        return self.process

    def run(self, server: OddServer) -> int:
        process = self.start(server)
        _, said = process.communicate(timeout=60)
        assert process.returncode in {0, -signal.SIGKILL}, said.decode()
        return process.returncode

    def run_here(self, server: OddServer) -> None:
        """The same program in this process, where nobody kills it."""
        before = signal.getsignal(signal.SIGTERM)
        try:
            with unittest.mock.patch.object(
                sys, "argv", [str(PROGRAM), str(self._folder), str(server.port)]
            ):
                runpy.run_path(str(PROGRAM))
        finally:
            signal.signal(signal.SIGTERM, before)

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)
        if number is signal.SIGKILL:
            self.process.wait()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def received(server: OddServer) -> collections.Counter[str]:
    return collections.Counter(
        copy.data.split(b"\r\nTo:")[1].split(b"<")[1].split(b">")[0].decode()
        for copy in server.copies
    )


# "answered" is after the server has said 250, so the outcome may be recorded already or not.
@pytest.mark.parametrize(
    ("stage", "number"),
    [
        ("MAIL", 1),
        ("RCPT", 4),
        ("DATA", READERS),
        ("body", 1),
        ("body", 4),
        ("end", 1),
        ("end", READERS),
        ("answered", 4),
    ],
)
def test_killed_at_any_moment_nobody_is_skipped_and_nobody_mailed_twice(
    start: Start, program: Program, stage: str, number: int
) -> None:
    ledger = start(READERS)
    killed: list[bool] = []

    def kill(moment: Moment) -> str | bytes | None:
        answered = stage == "answered" and moment.stage == "end"
        if (moment.stage == stage or answered) and moment.message == number and not killed:
            killed.append(True)
            if answered:
                server._send(server._open[-1], USUAL["end"])
            program.signal(signal.SIGKILL)
            return CLOSE
        return None

    with odd_server(kill) as server:
        assert program.run(server) == -signal.SIGKILL
        program.run_here(server)
        program.run_here(server)
        copies = received(server)
    counts = ledger.counts()
    assert set(copies.values()) == {1}, "nobody twice"
    assert counts.get("accepted", 0) + counts.get("unknown", 0) == READERS, "nobody skipped"
    assert counts.get("unknown", 0) <= 2, "the message in hand and the next one"
    in_doubt = {entry.address for entry in ledger.entries("unknown")}
    everybody = {f"reader{n}@example.com" for n in range(1, READERS + 1)}
    assert everybody - in_doubt <= set(copies), "who is not named as unknown has the letter"


def test_asked_to_stop_the_program_finishes_the_message_in_hand(
    start: Start, program: Program
) -> None:
    ledger = start(READERS)

    def ask(moment: Moment) -> None:
        if moment.stage == "body" and moment.message == 3:
            program.signal(signal.SIGTERM)

    with odd_server(ask) as server:
        program.run(server)
        assert ledger.counts() == {"accepted": 3, "planned": 3}
        program.run_here(server)
        assert len(received(server)) == READERS
    assert ledger.close(NOON)


def test_a_relay_that_takes_the_letter_and_never_says_so_gets_it_once(
    start: Start, program: Program
) -> None:
    ledger = start(3)
    with odd_server(
        lambda m: CLOSE if (m.stage, m.message, m.connection) == ("end", 2, 1) else None
    ) as server:
        for _ in range(3):
            program.run_here(server)
        assert set(received(server).values()) == {1}
        assert len(received(server)) == 3
    [entry] = ledger.entries("unknown")
    assert entry.address == "reader2@example.com"


def test_a_second_program_is_kept_out_and_told_by_whom(
    start: Start, program: Program, tmp_path: Path
) -> None:
    start(1)
    refusals: list[str] = []

    def try_to_send_too(moment: Moment) -> None:
        if moment.stage == "MAIL":
            with pytest.raises(SendRefusedError) as caught, sending_alone(tmp_path):
                pass
            refusals.append(caught.value.message)

    with odd_server(try_to_send_too) as server:
        process = program.start(server)
        process.communicate(timeout=60)
    assert refusals == [f"another program is sending (process {process.pid})"]


def test_the_lock_dies_with_its_holder(start: Start, program: Program, tmp_path: Path) -> None:
    start(1)

    def kill(moment: Moment) -> str | None:
        if moment.stage == "MAIL":
            program.signal(signal.SIGKILL)
            return CLOSE
        return None

    with odd_server(kill) as server:
        program.run(server)
    with sending_alone(tmp_path):
        pass


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), sending_alone(tmp_path / "state"):
        raise ZeroDivisionError
    with sending_alone(tmp_path / "state"):
        pass


def test_the_claim_is_on_the_disk_before_the_message_leaves(database: Database) -> None:
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
