"""The relay as a process: started, killed with -9, started again."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROGRAM = Path(__file__).with_name("relay.py")


class RelayProcess:
    """A relay on this machine; see ``relay.Manners`` for the options.

    Args:
        records: Where it writes down what it takes and refuses.
        options: Its manners, as on a command line: ``--every``, ``7``, ``--do``, ``reset``.
    """

    def __init__(self, records: Path, *options: str) -> None:
        self.records = records
        self.port = 0
        self._options = options
        self._process: subprocess.Popen[str] | None = None

    def start(self, *options: str) -> None:
        """Start it, on the same port as before; with other manners, if any are given."""
        self._options = options or self._options
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                str(PROGRAM),
                str(self.records),
                f"--port={self.port}",
                *self._options,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    def handled(self) -> int:
        """How many messages it has taken or refused."""
        return self.records.read_bytes().count(b"\n")

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()


@contextlib.contextmanager
def relay_process(folder: Path, *options: str) -> Iterator[RelayProcess]:
    """A relay that runs, with its records in a folder."""
    relay = RelayProcess(folder / "relay.tsv", *options)
    relay.start()
    try:
        yield relay
    finally:
        relay.kill()
