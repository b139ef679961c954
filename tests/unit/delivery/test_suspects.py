"""A reader whose message kills the program is left out after three deaths; the rest go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from newsletter.delivery.ledger import Ledger
from newsletter.delivery.suspects import DEATHS, Suspects

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).with_name("poisoned_program.py")


def test_the_reader_of_whom_the_program_dies_is_quarantined_and_the_others_get_their_mail(
    start: Callable[[int], Ledger], tmp_path: Path
) -> None:
    ledger = start(40)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(DEATHS):
        died = subprocess.run([sys.executable, PROGRAM, tmp_path], env=environment, timeout=60)
        assert died.returncode == -signal.SIGKILL
    subprocess.run([sys.executable, PROGRAM, tmp_path], env=environment, timeout=60, check=True)
    [entry] = ledger.entries("failed")
    assert entry.address == "reader23@example.com"
    assert entry.detail.startswith("quarantined")
    in_doubt = ledger.counts().get("unknown", 0)
    assert ledger.counts().get("accepted", 0) + in_doubt == 39
    assert in_doubt <= 2 * DEATHS


def test_who_ends_in_the_usual_way_leaves_no_suspect(tmp_path: Path) -> None:
    for _ in range(DEATHS + 1):
        with Suspects.watch(tmp_path) as suspects:
            suspects.making(0, 7)
        assert suspects.convicted == frozenset()


def test_a_damaged_file_suspects_nobody(tmp_path: Path) -> None:
    (tmp_path / "composing").write_bytes(b"torn")
    (tmp_path / "composing.json").write_text("{")
    with Suspects.watch(tmp_path) as suspects:
        assert suspects.convicted == frozenset()
