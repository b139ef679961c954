"""The installed command is killed at random system calls, again and again, and started again."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.database.states import State
from tests.acceptance.conftest import COMMAND, IN_HAND, Desk
from tests.acceptance.test_main_job import issue_of, states
from tests.harness.account import read_records
from tests.harness.kill import Killer, Place, TimedKiller, can_trace, count_calls
from tests.harness.relay_process import RelayProcess, relay_process
from tests.proof import rounds

READERS = rounds(60, 400)
KILLS = rounds(2, 100)
CALLS = ("fdatasync", "pwrite64", "sendto", "recvfrom", "epoll_wait")
"""What the command does while it sends; while it starts, it makes hardly any of these."""


class Office:
    """A desk whose letters go through the harness's relay."""

    def __init__(self, desk: Desk, through: Callable[[int], dict[str, str]]) -> None:
        self._desk, self._through = desk, through
        self._first = desk.folder / "issues" / f"{issue_of(desk)}.yaml"

    def issue(self, slug: str) -> None:
        shutil.copy(self._first, self._first.with_stem(slug))

    def place(self, relay: RelayProcess) -> Place:
        return Place(self._desk.folder, {**self._desk.environment, **self._through(relay.port)})

    def killer(self, folder: Path, chance: random.Random) -> Killer | TimedKiller:
        if not can_trace():
            return TimedKiller(2.0, chance)
        self.issue("measure")
        with relay_process(folder) as relay:
            command = [str(COMMAND), "send", "measure", "--yes"]
            return Killer(count_calls(command, folder / "trace", self.place(relay), CALLS), chance)

    def kill_until_it_ends(
        self, slug: str, killer: Killer | TimedKiller, relay: RelayProcess
    ) -> tuple[int, int]:
        """Send an issue; how often that was cut off, and how it ended."""
        deaths = 0
        while True:
            begun = json.loads(self._desk.look("status", slug, "--json"))
            resume = ["--resume"] if begun else []
            command = [str(COMMAND), "send", slug, "--yes", *resume]
            done = killer.run(command, place=self.place(relay))
            if done:
                assert "Traceback" not in done.stderr, done.stderr
                return deaths, done.returncode
            deaths += 1


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_killed_at_random_system_calls_nobody_is_skipped_and_nobody_mailed_twice(
    desk: Desk, through: Callable[[int], dict[str, str]], tmp_path: Path
) -> None:
    addresses = set(desk.subscribe(READERS))
    office = Office(desk, through)
    killer = office.killer(tmp_path, random.Random(20261120))
    kills = campaigns = 0
    while kills < KILLS:
        campaigns += 1
        slug = f"campaign-{campaigns}"
        office.issue(slug)
        folder = tmp_path / slug
        folder.mkdir()
        with relay_process(folder) as relay:
            deaths, code = office.kill_until_it_ends(slug, killer, relay)
            copies = read_records(relay.records).copies
        counts = states(desk, slug)
        unknown = counts.get(State.UNKNOWN, 0)
        assert code == (3 if unknown else 0)
        assert set(copies.values()) == {1}, "nobody twice"
        assert counts.get(State.ACCEPTED, 0) + unknown == READERS, "nobody skipped"
        assert unknown <= deaths * IN_HAND, "no more in doubt than each death had in hand"
        named = desk.look("status", slug, "--failed")
        assert all(address in named for address in addresses - copies.keys()), "by name"
        kills += deaths
