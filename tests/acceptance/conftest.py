"""The installed command, run as a user runs it: a process of its own in a folder of its own.

What only prepares a test, or looks at what came of it, runs the same command in this process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter.cli.main import run as run_here
from newsletter.delivery.lane import AHEAD
from tests.smtp import RealServer, real_server

CONNECTIONS = 2
"""To the relay, at the same time."""

IN_HAND = CONNECTIONS * AHEAD
"""So many readers may be in doubt when a program dies."""

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
        return _whole(Done(process.returncode, out, err))

    def here(self, *arguments: str, env: Mapping[str, str] | None = None) -> Done:
        """The same in this process: no Python has to start and to load everything anew."""
        ours = dict.fromkeys(name for name in os.environ if name.startswith("NEWSLETTER_"))
        with (
            contextlib.chdir(self.folder),
            CliRunner().isolation(env={**ours, **(env or {})}) as (out, err, _),
        ):
            code = run_here(list(arguments))
            sys.stdout.flush()
            sys.stderr.flush()
        return _whole(Done(code, out.getvalue().decode(), err.getvalue().decode()))

    def ends(self, *commands: Sequence[str]) -> Iterator[tuple[Sequence[str], Done]]:
        """How each command ends: the first as it is installed, the others in this process."""
        first, *others = commands
        yield first, self.run(*first)
        for arguments in others:
            yield arguments, self.here(*arguments)

    def good(self, *arguments: str, **options: object) -> str:
        """A command that must succeed; its output."""
        done = self.run(*arguments, **options)  # type: ignore[arg-type]
        assert done.code == 0, done
        return done.out

    def look(self, *arguments: str) -> str:
        """What a command shows that is asked only to see what became of another."""
        done = self.here(*arguments)
        assert done.code == 0, done
        return done.out

    def subscribe(self, number: int) -> list[str]:
        """So many readers, imported from a file."""
        addresses = [f"reader{n}@example.com" for n in range(number)]
        rows = "".join(f"{address},Reader {n}\n" for n, address in enumerate(addresses))
        (self.folder / "list.csv").write_text("email,name\n" + rows)
        self.look("subscribers", "import", "list.csv")
        return addresses


def _whole(done: Done) -> Done:
    """How a command ended, which must not be by a defect."""
    assert "Traceback" not in done.out + done.err, done.err
    assert "defect in newsletter" not in done.err, done.err
    return done


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``newsletter init`` leaves, made once; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("new")
    Desk(folder).good("init", "letter", "--name", "The Harbour Letter")
    return folder / "letter"


@pytest.fixture
def desk(new_project: Path, tmp_path: Path) -> Desk:
    """A new project, as ``newsletter init`` leaves it."""
    return Desk(shutil.copytree(new_project, tmp_path / "letter"))


@pytest.fixture
def relay() -> Iterator[RealServer]:
    """A relay on this machine."""
    with real_server() as server:
        yield server


@pytest.fixture
def through() -> Callable[[int], dict[str, str]]:
    """The environment that sends through a relay on a port."""
    options = f"security=none&connections={CONNECTIONS}"
    return lambda port: {"NEWSLETTER_TRANSPORT": f"smtp://127.0.0.1:{port}?{options}"}
