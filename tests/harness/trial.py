"""The trial: campaigns killed again and again at random system calls, and gone on with.

Run as a program, ``python -m tests.harness.trial --kills 200 --readers 10000``, it prints what came
of it as a table.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.database.states import State
from tests.harness.kill import Killer, can_trace, count_calls
from tests.harness.relay_process import RelayProcess, relay_process
from tests.harness.rig import CONNECTIONS, IN_DOUBT, Rig, whole
from tests.harness.timed_kill import TimedKiller

SHARES = (0.01, 0.02, 0.05, 0.25)
"""The next moment to die at is in so much of a run; after a kill only a part is left of it."""


@dataclass(slots=True)
class Result:
    """What came of a trial.

    Attributes:
        readers: Of each campaign.
        campaigns: How many were sent to their end.
        kills: How often the program died.
        calls: At which system calls.
        copies: That the relay has.
        lost: Readers who are said to have it and have no copy.
        twice: Readers with more than one copy.
        unknown: Readers in doubt at the end, by name.
        delivered: How many of those in doubt had in truth got it.
        worst: The most that one kill left in doubt.
        problems: What was wrong, in words.
    """

    readers: int
    campaigns: int = 0
    kills: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    copies: int = 0
    lost: int = 0
    twice: int = 0
    unknown: int = 0
    delivered: int = 0
    worst: int = 0
    problems: list[str] = field(default_factory=list)

    def table(self) -> str:
        """The numbers, in Markdown."""
        calls = ", ".join(f"`{call}` {number}" for call, number in self.calls.most_common())
        rows = {
            "Readers of each campaign": f"{self.readers:,}",
            "Connections": CONNECTIONS,
            "Campaigns": self.campaigns,
            "Letters": f"{self.campaigns * self.readers:,}",
            "Kills": self.kills,
            "Killed at": calls,
            "Copies at the relay": f"{self.copies:,}",
            "**Lost**": f"**{self.lost}**",
            "**Sent twice**": f"**{self.twice}**",
            "In doubt, each by name": self.unknown,
            "of these, the relay had a copy of": self.delivered,
            f"In doubt by one kill, at most (allowed: {IN_DOUBT})": self.worst,
        }
        return "\n".join(
            ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]
        )


class Trial:
    """Sends campaigns and kills the program that does.

    Args:
        folder: To work in.
        readers: Of each campaign.
        seed: Of all chance.
    """

    def __init__(self, folder: Path, readers: int, seed: int) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self._killer = self._measured(readers)
        self.result = Result(readers, calls=self._killer.met)

    def run(self, kills: int) -> Result:
        """Send whole campaigns with so many kills in all, unless something is wrong before."""
        result = self.result
        while result.kills < kills and not result.problems:
            result.campaigns += 1
            folder = self._folder / f"campaign-{result.campaigns}"
            with closing(Rig(folder, result.readers)) as rig, relay_process(folder) as relay:
                self._campaign(rig, relay, kills - result.kills)
        return result

    def _measured(self, readers: int) -> Killer | TimedKiller:
        """What chooses the moments, from one run that is left alone."""
        if not can_trace():
            return TimedKiller(readers / 1000, self._chance)
        few, folder = readers // 5, self._folder / "measure"
        with closing(Rig(folder, few)) as rig, relay_process(folder) as relay:
            calls = count_calls(rig.command(relay.port), folder / "trace")
        return Killer({call: most * readers // few for call, most in calls.items()}, self._chance)

    def _campaign(self, rig: Rig, relay: RelayProcess, kills: int) -> None:
        result, deaths = self.result, 0
        while not result.problems:
            if deaths < kills:
                done = self._killer.run(rig.command(relay.port), self._chance.choice(SHARES))
            else:
                done = rig.run(relay.port)
            account = rig.account(relay.records)
            if done:
                if whole(done).returncode != 0:
                    result.problems.append(f"it ended with {done.returncode}: {done.stderr}")
                result.problems += account.problems(most_unknown=IN_DOUBT * deaths)
                break
            deaths += 1
            here = account.states.get(State.ATTEMPTING, 0)
            result.worst = max(result.worst, here)
            if here > IN_DOUBT:
                result.problems.append(f"one kill left {here} in doubt")
            result.problems += account.problems(most_unknown=IN_DOUBT * deaths, ends=None)
        result.kills += deaths
        result.copies += sum(account.copies.values())
        result.lost += account.lost
        result.twice += account.twice
        result.unknown += account.unknown
        result.delivered += sum(
            bool(account.copies.get(reader))
            for reader, state in account.ledger.items()
            if state == State.UNKNOWN
        )


def main() -> int:
    """Read the options; ends with 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261123)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = Trial(Path(folder), options.readers, options.seed).run(options.kills)
    sys.stdout.write("\n".join([result.table(), *result.problems, ""]))
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
