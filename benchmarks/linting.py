"""How long the checks take: of one issue warm, and of an archive of 500."""

from __future__ import annotations

import datetime
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.result import Result
from newsletter.project import Project

ROOT = Path(__file__).parent.parent
ISSUES = 500


def offline_rules() -> Iterator[Result]:
    """All rules over a rendered issue, everything imported."""
    project = Project.open(ROOT)
    for slug in ("2026-11-13", "2026-11-20"):
        manuscript = project.manuscript(project.find(slug))
        galley = project.render(manuscript)
        project.lint(manuscript, galley)
        times = []
        for _ in range(15):
            start = time.perf_counter()
            project.lint(manuscript, galley)
            times.append((time.perf_counter() - start) * 1000)
        yield Result(f"all offline rules, {slug}, warm", 150, "ms", times)


def archive() -> Iterator[Result]:
    """``newsletter check --all`` over 500 issues of full length, carry-over rules on."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(ROOT / "newsletter.toml", root)
        shutil.copytree(ROOT / "issues" / "pictures", root / "issues" / "pictures")
        write_archive(root / "issues", ISSUES)
        start = time.perf_counter()
        command = [sys.executable, "-m", "newsletter", "check", "--all", "--json"]
        done = subprocess.run(command, cwd=root, capture_output=True, check=False)
        took = time.perf_counter() - start
        assert done.returncode in (0, 1), done.stderr.decode()
        yield Result(f"check of {ISSUES} issues, whole process", 30, "s", [took])


def write_archive(folder: Path, number: int) -> None:
    """Issues of the length of ours, a week apart, each with sentences of its own."""
    source = (ROOT / "issues" / "2026-11-13.yaml").read_text(encoding="utf-8")
    words = sorted(set(re.findall(r"\b[a-z]{2,12}\b", source)))
    chance = random.Random(1)
    day = datetime.date(2026, 11, 13)
    for _ in range(number):
        text = re.sub(r"(?m)^date: .*$", f"date: {day.isoformat()}", source)
        text = re.sub(r"(?m)^number: .*\n", "", text)
        text = re.sub(
            r"(?m)(?<=^      )[A-Z“].{80,}$",
            lambda line: _sentences(len(line[0]), words, chance),
            text,
        )
        (folder / f"{day.isoformat()}.yaml").write_text(text, encoding="utf-8")
        day -= datetime.timedelta(days=7)


def _sentences(length: int, words: list[str], chance: random.Random) -> str:
    said = ""
    while len(said) < length:
        some = chance.choices(words, k=chance.randint(8, 20))
        said += f"{' '.join(some).capitalize()}. "
    return said.strip()
