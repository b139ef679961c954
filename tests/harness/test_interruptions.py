"""A sending that people interrupt: asked to stop, paused and resumed, on a clock that is wrong."""

from __future__ import annotations

import random
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.database.states import Control, State
from newsletter.delivery.campaigns import Campaigns
from tests.harness.relay_process import RelayProcess, relay_process
from tests.harness.rig import IN_DOUBT, Rig, ended
from tests.proof import rounds

SEED = 20261123


def stop_until_it_ends(rig: Rig, relay: RelayProcess, chance: random.Random) -> int:
    """Ask it to stop at a random moment of each run; how often that was in time."""
    stops = 0
    while True:
        process = rig.start_and_wait(relay, messages=chance.randint(1, 50))
        time.sleep(chance.uniform(0, 0.02))
        process.send_signal(signal.SIGTERM)
        done = ended(process)
        if done.returncode == 0:
            return stops
        assert done.returncode == 3, done
        stops += 1
        account = rig.account(relay.records)
        assert account.problems(ends={State.ACCEPTED, State.PLANNED}) == []


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_asked_to_stop_at_random_moments_nobody_is_in_doubt(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    stops = campaigns = 0
    while stops < rounds(1, 50):
        campaigns += 1
        folder = tmp_path / str(campaigns)
        with closing(Rig(folder, rounds(150, 5_000))) as rig, relay_process(folder) as relay:
            stops += stop_until_it_ends(rig, relay, chance)
            account = rig.account(relay.records)
        assert account.problems() == []


def until_quiet(relay: RelayProcess) -> None:
    """Wait until a pause is obeyed: it is looked for four times a second."""
    before = -1
    while (now := relay.handled()) != before:
        before = now
        time.sleep(0.4)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_paused_and_resumed_by_another_program_nobody_is_skipped_and_nobody_mailed_twice(
    tmp_path: Path,
) -> None:
    chance = random.Random(SEED)
    pauses = rounds(2, 50)
    with closing(Rig(tmp_path, 200 * pauses)) as rig, relay_process(tmp_path) as relay:
        campaigns = Campaigns(rig.database)
        campaigns.set_rate(rig.campaign, "150/s")  # so that it lasts long enough
        process = rig.start_and_wait(relay)
        for _ in range(pauses):
            time.sleep(chance.uniform(0, 0.2))
            assert process.poll() is None
            campaigns.control(rig.campaign, Control.PAUSED)
            until_quiet(relay)
            still = relay.handled()
            time.sleep(chance.uniform(0, 0.1))
            assert relay.handled() == still, "nothing is sent during a pause"
            campaigns.control(rig.campaign, Control.RUNNING)
        campaigns.set_rate(rig.campaign, "")
        assert ended(process).returncode == 0
        assert rig.account(relay.records).problems() == []


def test_a_clock_that_jumps_by_a_day_at_every_look_loses_nobody(tmp_path: Path) -> None:
    with closing(Rig(tmp_path, 200)) as rig, relay_process(tmp_path) as relay:
        assert rig.states(relay.port, "--restless") == {"accepted": 200}
        assert rig.account(relay.records).problems() == []


@pytest.mark.proof("only")
def test_killed_and_gone_on_with_on_a_clock_a_day_off_nobody_is_lost_or_mailed_twice(
    tmp_path: Path,
) -> None:
    manners = ("--every=5", "--at=RCPT", "--do=451 4.7.1 Come back later")
    with closing(Rig(tmp_path, 1_000)) as rig, relay_process(tmp_path, *manners) as relay:
        for run, hours in enumerate((0, -24, 24, -24)):
            process = rig.start_and_wait(relay, f"--hours={hours}", messages=100)
            process.kill()
            ended(process)
            account = rig.account(relay.records)
            assert account.problems(most_unknown=IN_DOUBT * (run + 1), ends=None) == []
        relay.kill()
        relay.start("--every=0")
        rig.run(relay.port, "--hours=-24")  # a day before: what is deferred is not due
        rig.run(relay.port, "--hours=24")
        rig.run(relay.port, "--hours=24.2")
        assert rig.account(relay.records).problems(most_unknown=4 * IN_DOUBT) == []
