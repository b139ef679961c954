"""Killing a program with -9 at a random moment, where nobody may trace it."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Sequence

from tests.harness.kill import HERE, Place


class TimedKiller:
    """Kills at random moments, where nobody may trace.

    Args:
        seconds: How long the program runs; it dies in that time, if at all.
        chance: Chooses.
    """

    def __init__(self, seconds: float, chance: random.Random) -> None:
        self._seconds, self._chance = seconds, chance
        self.met: Counter[str] = Counter()

    def run(
        self, command: Sequence[str], share: float = 1.0, place: Place = HERE
    ) -> subprocess.CompletedProcess[str] | None:
        """As ``Killer.run``; the first half second, in which Python loads, is spared."""
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=place.folder,
            env=place.environment,
        )
        try:
            out, err = process.communicate(
                timeout=0.5 + self._chance.uniform(0, self._seconds * share)
            )
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.met["a random moment"] += 1
            return None
        return subprocess.CompletedProcess(command, process.returncode, out, err)
