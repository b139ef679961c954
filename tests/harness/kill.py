"""Killing a program with -9 at a random system call, by strace.

strace can send a signal at the k-th call of a kind, before the call is carried out. So the program
dies between any two steps that another program or the disk could notice, and always at the same
step for the same k, as far as its threads run alike.
"""

from __future__ import annotations

import functools
import random
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "fsync",
    "fdatasync",
    "pwrite64",
    "write",
    "ftruncate",
    "fcntl",
    "sendto",
    "sendmsg",
    "recvfrom",
    "epoll_wait",
    "futex",
    "connect",
    "close",
)
"""Calls to die at: those that reach the disk, the network, or another thread."""


MOST = 65_535
"""strace counts no further."""


@functools.cache
def can_trace() -> bool:
    """Whether there is a strace here that may watch a program."""
    if not shutil.which("strace"):
        return False
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=none", "true"],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


@dataclass(frozen=True, slots=True)
class Kill:
    """A moment to die at.

    Attributes:
        call: A system call.
        number: The how-manieth of its kind in any one thread, from 1.
    """

    call: str
    number: int

    def wrap(self, command: Sequence[str]) -> list[str]:
        """The command that runs another one until that moment; exit code -9 if it came."""
        return _strace(self.call, f"signal=SIGKILL:when={self.number}", command)


def _strace(call: str, what: str, command: Sequence[str]) -> list[str]:
    # Without --seccomp-bpf, under which strace 6.1 forgets the signal (2026-11-23).
    return [
        "strace", "-f", "-qq", "-o", "/dev/null",
        "-e", f"trace={call}", "-e", "signal=none", "-e", f"inject={call}:{what}", *command,
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program runs.

    Attributes:
        folder: Its working directory; None for ours.
        environment: None for ours.
    """

    folder: Path | None = None
    environment: Mapping[str, str] | None = None


HERE = Place()


def count_calls(
    command: Sequence[str], trace: Path, place: Place = HERE, calls: Sequence[str] = CALLS
) -> Mapping[str, int]:
    """Run a program to its end; how often its busiest thread made each of some calls.

    Args:
        command: The program.
        trace: A file to write.
        place: Where it runs.
        calls: Which calls to count.
    """
    subprocess.run(
        [
            "strace", "-f", "--seccomp-bpf", "-qq", "-o", str(trace),
            "-e", f"trace={','.join(calls)}", "-e", "signal=none", *command,
        ],
        stdout=subprocess.DEVNULL,
        check=True,
        cwd=place.folder,
        env=place.environment,
    )  # fmt: skip
    by_thread: Counter[tuple[str, str]] = Counter()
    for line in trace.read_text(errors="replace").splitlines():
        if match := re.match(r"(\d+)\s+(\w+)\(", line):
            by_thread[match[1], match[2]] += 1
    most: dict[str, int] = {}
    for (_, call), number in by_thread.items():
        most[call] = max(number, most.get(call, 0))
    return most


@dataclass(frozen=True, slots=True)
class Fault:
    """A system call that fails from some moment on, as on a full or broken disk.

    Attributes:
        call: A system call.
        error: What it fails with: ``ENOSPC``, ``EIO``, ``EROFS``.
        number: From the how-manieth of its kind on, in any one thread.
    """

    call: str
    error: str
    number: int

    def wrap(self, command: Sequence[str]) -> list[str]:
        """The command that runs another one on such a machine."""
        return _strace(self.call, f"error={self.error}:when={self.number}+", command)


class Killer:
    """Chooses moments to die at, all over a program's run.

    Args:
        calls: How often the program makes each call, see ``count_calls``.
        chance: Chooses.
    """

    def __init__(self, calls: Mapping[str, int], chance: random.Random) -> None:
        self._calls, self._chance = calls, chance
        self.met: Counter[str] = Counter()
        """How many times the program died at each call."""

    def choose(self, share: float = 1.0) -> Kill:
        """A moment in the first part of the run.

        Args:
            share: How long that part is, from 0 to 1.
        """
        call = self._chance.choice(sorted(self._calls))
        most = min(MOST, max(1, int(self._calls[call] * share)))
        return Kill(call, self._chance.randint(1, most))

    def run(
        self, command: Sequence[str], share: float = 1.0, place: Place = HERE
    ) -> subprocess.CompletedProcess[str] | None:
        """Run a program until it is killed or ends by itself; None if it was killed.

        Args:
            command: The program.
            share: See ``choose``.
            place: Where it runs.
        """
        kill = self.choose(share)
        done = subprocess.run(
            kill.wrap(command),
            capture_output=True,
            text=True,
            check=False,
            cwd=place.folder,
            env=place.environment,
        )
        if done.returncode != -signal.SIGKILL:
            return done
        self.met[kill.call] += 1
        return None
