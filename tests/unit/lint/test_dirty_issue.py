"""An issue full of planted mistakes: each of them is found where it stands.

``tests/issues/dirty/issues/2026-12-04.expected`` lists them, one a line: the line of the issue, the
rule, the level (``12 name-spelling warning``). To plant another mistake, write it into the issue at
the end of a section (so that few lines move), and add its line to the list.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsletter.findings import Finding
from newsletter.project import Project

DIRTY = Path(__file__).parents[2] / "issues" / "dirty"
EXPECTED = DIRTY / "issues" / "2026-12-04.expected"


def planted() -> list[str]:
    return [line for line in EXPECTED.read_text(encoding="utf-8").splitlines() if line.strip()]


def told(finding: Finding) -> str:
    return f"{finding.line} {finding.rule} {finding.severity}"


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    root = tmp_path_factory.mktemp("dirty") / "project"
    shutil.copytree(DIRTY, root)
    project = Project.open(root, environment={})
    return list(project.check(root / "issues" / "2026-12-04.yaml"))


@pytest.mark.parametrize("mistake", planted())
def test_a_planted_mistake_is_found(findings: list[Finding], mistake: str) -> None:
    said = "\n".join(map(str, findings))
    assert mistake in {told(finding) for finding in findings}, said


def test_twenty_mistakes_are_planted() -> None:
    assert len(planted()) >= 20


def test_the_issue_before_it_is_clean(tmp_path: Path) -> None:
    shutil.copytree(DIRTY, tmp_path / "project")
    project = Project.open(tmp_path / "project", environment={})
    found = project.check(project.issues_folder / "2026-11-27.yaml")
    assert [str(f) for f in found if f.severity != "info"] == []
