"""What becomes of readers when the ledger cannot be written: nothing more may be sent."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.kill import Fault, can_trace, count_calls
from tests.harness.relay_process import RelayProcess, relay_process
from tests.harness.rig import IN_DOUBT, Rig, ended, whole
from tests.proof import rounds

READERS = 600


def stops_and_goes_on(
    rig: Rig, relay: RelayProcess, done: subprocess.CompletedProcess[str]
) -> None:
    """After an error of the disk: it has stopped, said so, and is gone on with on a good one."""
    assert whole(done).returncode == 1, done
    assert f"database {rig.database_file}: " in done.stderr
    before = rig.account(relay.records)
    assert 0 < len(before.copies) < READERS, "in the middle"
    rig.run(relay.port)
    after = rig.account(relay.records)
    assert after.problems(most_unknown=IN_DOUBT) == []


def test_on_a_full_disk_nothing_more_is_sent_and_nobody_is_lost(tmp_path: Path) -> None:
    with closing(Rig(tmp_path, READERS)) as rig, relay_process(tmp_path) as relay:
        full = rig.database_file.stat().st_size + 300_000  # no file may grow beyond that

        def fill() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (full, full))

        done = subprocess.run(
            rig.command(relay.port),
            preexec_fn=fill,
            capture_output=True,
            text=True,
            check=False,
        )
        stops_and_goes_on(rig, relay, done)


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, int]:
    """How often a whole run makes each system call."""
    folder = tmp_path_factory.mktemp("measure")
    with closing(Rig(folder, READERS)) as rig, relay_process(folder) as relay:
        return count_calls(rig.command(relay.port), folder / "trace")


@pytest.mark.proof("only")
@pytest.mark.skipif(not can_trace(), reason="nobody may trace programs here")
@pytest.mark.parametrize(
    ("call", "error"),
    [("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("pwrite64", "EROFS"), ("fdatasync", "EIO")],
)
@pytest.mark.parametrize("part", [0.15, 0.3, 0.45])
def test_whatever_the_disk_says_nothing_more_is_sent_and_nobody_is_lost(
    tmp_path: Path, calls: Mapping[str, int], call: str, error: str, part: float
) -> None:
    fault = Fault(call, error, int(calls[call] * part))
    with closing(Rig(tmp_path, READERS)) as rig, relay_process(tmp_path) as relay:
        done = subprocess.run(
            fault.wrap(rig.command(relay.port)), capture_output=True, text=True, check=False
        )
        stops_and_goes_on(rig, relay, done)


@pytest.mark.proof
def test_a_ledger_that_another_program_holds_for_a_while_is_waited_for(tmp_path: Path) -> None:
    with (
        closing(Rig(tmp_path, READERS)) as rig,
        relay_process(tmp_path) as relay,
        closing(sqlite3.connect(rig.database_file, isolation_level=None, timeout=60)) as other,
    ):
        process = rig.start_and_wait(relay, messages=50)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(rounds(1, 20) / 2)
        assert process.poll() is None
        assert relay.handled() < READERS
        other.execute("COMMIT")
        assert ended(process).returncode == 0
        assert rig.account(relay.records).problems() == []
