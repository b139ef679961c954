"""The installed command is killed at random moments, again and again, and started again."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.acceptance.conftest import IN_HAND, Desk
from tests.acceptance.test_main_job import issue_of, readers_of, states
from tests.proof import rounds
from tests.smtp import Moment, odd_server

READERS = 40
KILLS = rounds(2, 200)


def unhurried(moment: Moment) -> None:
    """A relay that takes a moment for everything, so that a kill may come at any stage."""
    time.sleep(0.003)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_killed_at_random_moments_nobody_is_skipped_and_nobody_mailed_twice(
    desk: Desk, through: Callable[[int], dict[str, str]]
) -> None:
    addresses = set(desk.subscribe(READERS))
    first = desk.folder / "issues" / f"{issue_of(desk)}.yaml"
    chance = random.Random(20261120)
    kills = campaigns = 0
    while kills < KILLS:
        campaigns += 1
        slug = f"campaign-{campaigns}"
        shutil.copy(first, first.with_stem(slug))
        deaths = 0
        with odd_server(unhurried) as server:
            while True:
                process = desk.start("send", slug, "--yes", env=through(server.port))
                try:
                    # A run takes about a second to get to its first message, and two in all.
                    process.communicate(timeout=chance.uniform(0.8, 2.2))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.communicate()
                    deaths += 1
                else:
                    break
            copies = readers_of(server.copies)
        counts = states(desk, slug)
        assert process.returncode == (3 if counts.get("unknown") else 0)
        assert set(copies.values()) == {1}, "nobody twice"
        assert counts.get("accepted", 0) + counts.get("unknown", 0) == READERS, "nobody skipped"
        in_hand = deaths * IN_HAND
        assert counts.get("unknown", 0) <= in_hand, "no more in doubt than each death had in hand"
        named = desk.look("status", slug, "--failed")
        assert all(address in named for address in addresses - set(copies))
        kills += deaths
