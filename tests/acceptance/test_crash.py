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
from tests.harness.kill import Killer, Place, can_trace
from tests.harness.relay_process import RelayProcess, relay_process
from tests.harness.timed_kill import TimedKiller
from tests.proof import rounds

READERS = rounds(60, 400)
KILLS = rounds(1, 100)
AT_MOST = rounds(2, 10)
"""Kills in one sending."""

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

    def send(self, slug: str, killer: Killer | TimedKiller, relay: RelayProcess) -> tuple[int, int]:
        """Send an issue, cut off a few times; how often that was, and how it ended."""
        for deaths in range(AT_MOST):
            if self.is_finished(slug):  # it died at the very end
                return deaths, 0
            if done := killer.run(self.command(slug), place=self.place(relay)):
                assert "Traceback" not in done.stderr, done.stderr
                return deaths, done.returncode
        if self.is_finished(slug):
            return AT_MOST, 0
        last = self._desk.run(*self.command(slug)[1:], env=self._through(relay.port))
        return AT_MOST, last.code

    def command(self, slug: str) -> list[str]:
        return [str(COMMAND), "send", slug, "--yes", *(["--resume"] if self.status(slug) else [])]

    def is_finished(self, slug: str) -> bool:
        return any(campaign["finished_at"] for campaign in self.status(slug))

    def status(self, slug: str) -> list[dict[str, object]]:
        campaigns: list[dict[str, object]] = json.loads(self._desk.look("status", slug, "--json"))
        return campaigns


def make_killer(chance: random.Random) -> Killer | TimedKiller:
    """Chooses moments in a run; there are many more calls of each kind."""
    if not can_trace():
        return TimedKiller(2.0, chance)
    return Killer(dict.fromkeys(CALLS, READERS // 4), chance)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_killed_at_random_system_calls_nobody_is_skipped_and_nobody_mailed_twice(
    desk: Desk, through: Callable[[int], dict[str, str]], tmp_path: Path
) -> None:
    addresses = set(desk.subscribe(READERS))
    office = Office(desk, through)
    killer = make_killer(random.Random(20261120))
    kills = campaigns = 0
    while kills < KILLS:
        campaigns += 1
        slug = f"campaign-{campaigns}"
        office.issue(slug)
        folder = tmp_path / slug
        folder.mkdir()
        with relay_process(folder) as relay:
            deaths, code = office.send(slug, killer, relay)
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
