"""What becomes of readers when the relay misbehaves, breaks down, or wants less."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from newsletter.database.states import State
from newsletter.delivery.ledger import Ledger
from tests.harness.relay_process import relay_process
from tests.harness.rig import IN_DOUBT, Rig, ended

READERS = 200


@pytest.mark.parametrize(
    "what",
    [
        "drop",
        pytest.param("reset", marks=pytest.mark.proof("only")),
        pytest.param("silence", marks=pytest.mark.proof("only")),
        pytest.param("garbage", marks=pytest.mark.proof("only")),
        pytest.param("299", marks=pytest.mark.proof("only")),
    ],
)
def test_a_relay_that_takes_letters_and_does_not_say_so_gets_each_once(
    tmp_path: Path, what: str
) -> None:
    odd = 0 if what == "299" else READERS // 20
    manners = ("--every=20", f"--do={what}")
    with closing(Rig(tmp_path, READERS)) as rig, relay_process(tmp_path, *manners) as relay:
        states = rig.states(relay.port, "--patience=1")
        assert states == {"accepted": READERS - odd} | ({"unknown": odd} if odd else {})
        rig.run(relay.port)
        rig.run(relay.port)
        account = rig.account(relay.records)
        named = {entry.address for entry in Ledger(rig.database, rig.campaign).entries("unknown")}
    assert account.problems(most_unknown=odd) == []
    assert len(account.copies) == READERS, "the relay has everybody's letter"
    assert len(named) == odd


@pytest.mark.proof("only")
@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("what", ["drop", "reset", "silence", "garbage"])
def test_what_goes_wrong_before_the_letter_was_sent_leaves_nobody_in_doubt(
    tmp_path: Path, stage: str, what: str
) -> None:
    manners = ("--every=7", f"--at={stage}", f"--do={what}")
    with closing(Rig(tmp_path, READERS)) as rig, relay_process(tmp_path, *manners) as relay:
        for run in range(50):  # who met it twice waits for another time
            done = rig.run(relay.port, "--patience=0.5", f"--hours={1.5 * run}")
            account = rig.account(relay.records)
            assert account.problems(ends={State.ACCEPTED, State.PLANNED, State.DEFERRED}) == []
            if done.returncode == 0:
                break
        assert account.problems() == []


@pytest.mark.proof("only")
def test_refusals_after_the_letter_are_certain(tmp_path: Path) -> None:
    later = ("--every=10", "--do=451 4.2.2 The mailbox is full")
    never = ("--every=10", "--do=554 5.2.1 The mailbox is closed")
    with closing(Rig(tmp_path, READERS)) as rig, relay_process(tmp_path, *later) as relay:
        assert rig.states(relay.port) == {"accepted": 180, "deferred": 20}
        relay.kill()
        relay.start(*never)
        assert rig.states(relay.port, "--hours=0.2") == {"accepted": 198, "failed": 2}
        account = rig.account(relay.records)
    assert account.problems(ends={State.ACCEPTED, State.FAILED}) == []


@pytest.mark.proof("only")
def test_greylisted_readers_all_get_it_at_the_second_attempt(tmp_path: Path) -> None:
    with closing(Rig(tmp_path, READERS)) as rig, relay_process(tmp_path, "--greylist") as relay:
        assert rig.states(relay.port) == {"deferred": READERS}
        assert rig.states(relay.port, "--hours=0.2") == {"accepted": READERS}
        account = rig.account(relay.records)
        entries = list(Ledger(rig.database, rig.campaign).entries("accepted"))
    assert account.problems() == [], "the sender is the same in both attempts, too"
    assert set(account.records.refusals.values()) == {1}
    assert {entry.attempts for entry in entries} == {2}


@pytest.mark.proof("only")
@pytest.mark.parametrize("limit", [1, 3, 5])
def test_a_relay_that_wants_fewer_connections_defers_nobody(tmp_path: Path, limit: int) -> None:
    manners = f"--connections={limit}"
    with closing(Rig(tmp_path, 2_000)) as rig, relay_process(tmp_path, manners) as relay:
        assert rig.states(relay.port) == {"accepted": 2_000}
        assert rig.account(relay.records).problems() == []


@pytest.mark.proof("only")
def test_a_relay_that_closes_after_twenty_letters_gets_them_all(tmp_path: Path) -> None:
    with closing(Rig(tmp_path, 2_000)) as rig, relay_process(tmp_path, "--messages=20") as relay:
        assert rig.states(relay.port) == {"accepted": 2_000}
        assert rig.account(relay.records).problems() == []


@pytest.mark.proof("only")
def test_a_domain_that_never_answers_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    tarpit = "--tarpit=town7.example.com"
    with closing(Rig(tmp_path, 1_000, domains=50)) as rig, relay_process(tmp_path, tarpit) as relay:
        process = rig.start_and_wait(relay, "--patience=8", messages=980)
        assert process.poll() is None, "the others are done, and it still waits for one domain"
        process.terminate()
        ended(process)
        account = rig.account(relay.records)
        waiting = {reader for reader, state in account.ledger.items() if state != State.ACCEPTED}
    assert account.problems(ends=None) == []
    assert account.unknown == 0
    assert {reader.partition("@")[2] for reader in waiting} == {"town7.example.com"}
    assert len(waiting) == 20


def test_a_relay_that_is_killed_and_started_again_has_everybody_once(tmp_path: Path) -> None:
    with closing(Rig(tmp_path, READERS)) as rig, relay_process(tmp_path) as relay:
        process = rig.start_and_wait(relay, messages=100)
        relay.kill()
        assert ended(process).returncode == 1
        relay.start()
        rig.run(relay.port)
        assert rig.account(relay.records).problems(most_unknown=IN_DOUBT) == []
