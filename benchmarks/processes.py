"""Whole processes, from start to exit, as an editor waits for them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.result import Result

ROOT = Path(__file__).parent.parent
COMMAND = Path(sys.executable).with_name("newsletter")


def _seconds(*arguments: str, runs: int) -> list[float]:
    # As installed: with compiled modules, which some shells switch off for development.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def once() -> float:
        start = time.perf_counter()
        subprocess.run(
            [COMMAND, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True
        )
        return time.perf_counter() - start

    once()
    return [once() for _ in range(runs)]


def help_text() -> Iterator[Result]:
    """``newsletter --help``."""
    yield Result("newsletter --help, whole process", 0.15, "s", _seconds("--help", runs=15))


def check() -> Iterator[Result]:
    """``newsletter check`` of a full issue."""
    samples = _seconds("check", "2026-11-20", runs=9)
    yield Result("newsletter check of a full issue, whole process", 1.0, "s", samples)
