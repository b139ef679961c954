"""From the command to the first message on the wire, as an editor waits for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import COMMAND, ROOT
from benchmarks.result import Result
from tests.smtp import Moment, odd_server

RUNS = 7


def first_message() -> Iterator[Result]:
    """``newsletter send`` of the example issue to three readers: until MAIL is said."""
    seconds = []
    for _ in range(RUNS + 1):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            shutil.copy(ROOT / "newsletter.toml", root)
            shutil.copytree(ROOT / "issues", root / "issues")
            _run(root, "subscribers", "import", str(root / "issues/readers.example.csv"))
            said: list[float] = []

            def note(moment: Moment, said: list[float] = said) -> None:
                if moment.stage == "MAIL":
                    said.append(time.perf_counter())

            with odd_server(note) as server:
                began = time.perf_counter()
                _run(
                    root,
                    "send",
                    "2026-11-20",
                    "--yes",
                    NEWSLETTER_TRANSPORT=f"smtp://127.0.0.1:{server.port}?security=none",
                )
                seconds.append(said[0] - began)
    yield Result("send: from the command to the first message", 1.5, "s", seconds[1:])


def _run(root: Path, *arguments: str, **variables: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        [COMMAND, *arguments],
        cwd=root,
        env=environment | variables,
        check=True,
        capture_output=True,
    )
