"""A sending is killed with -9 at random system calls, again and again, and gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.trial import Trial
from tests.proof import rounds

READERS = rounds(600, 10_000)
KILLS = rounds(4, 200)
SEED = 20261123


@pytest.mark.proof
@pytest.mark.timeout(7200)
def test_killed_at_random_system_calls_nobody_is_lost_and_nobody_mailed_twice(
    tmp_path: Path,
) -> None:
    result = Trial(tmp_path, READERS, SEED).run(KILLS)
    assert result.problems == []
    assert result.kills >= KILLS
    assert result.lost == 0
    assert result.twice == 0
    assert result.copies + result.unknown - result.delivered == result.campaigns * READERS
