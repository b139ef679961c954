"""The installed command, run as a user runs it: a process of its own in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.smtp import RealServer, real_server

COMMAND = Path(sys.executable).with_name("newsletter")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class Desk:
    """An editor's desk: a folder and the ``newsletter`` command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")
        }

    def start(
        self, *arguments: str, env: Mapping[str, str] | None = None, **options: object
    ) -> subprocess.Popen[str]:
        """A command that is still running."""
        process: subprocess.Popen[str] = subprocess.Popen(
            [COMMAND, *arguments],
            cwd=self.folder,
            env={**self.environment, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,  # type: ignore[call-overload]
        )
        return process

    def run(self, *arguments: str, env: Mapping[str, str] | None = None, **options: object) -> Done:
        """A command from start to end; no command may ever show a traceback."""
        process = self.start(*arguments, env=env, **options)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in out + err, err
        assert "defect in newsletter" not in err, err
        return Done(process.returncode, out, err)

    def good(self, *arguments: str, **options: object) -> str:
        """A command that must succeed; its output."""
        done = self.run(*arguments, **options)  # type: ignore[arg-type]
        assert done.code == 0, done
        return done.out

    def subscribe(self, number: int) -> list[str]:
        """So many readers, imported from a file that is then removed."""
        addresses = [f"reader{n}@example.com" for n in range(number)]
        rows = "".join(f"{address},Reader {n}\n" for n, address in enumerate(addresses))
        (self.folder / "list.csv").write_text("email,name\n" + rows)
        self.good("subscribers", "import", "list.csv")
        return addresses


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A new project, as ``newsletter init`` leaves it."""
    Desk(tmp_path).good("init", "letter", "--name", "The Harbour Letter")
    return Desk(tmp_path / "letter")


@pytest.fixture
def relay() -> Iterator[RealServer]:
    """A relay on this machine."""
    with real_server() as server:
        yield server


@pytest.fixture
def through() -> Callable[[int], dict[str, str]]:
    """The environment that sends through a relay on a port."""
    return lambda port: {"NEWSLETTER_TRANSPORT": f"smtp://127.0.0.1:{port}?security=none"}
