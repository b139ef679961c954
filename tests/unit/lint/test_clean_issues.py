"""Issues in which nothing is wrong: whoever is alarmed by them is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsletter.findings import Severity
from newsletter.project import Project

ROOT = Path(__file__).parents[3]
SAMPLES = sorted((ROOT / "issues").glob("*.yaml"))
CLEAN = sorted((ROOT / "tests" / "issues" / "clean").glob("*.yaml"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A newsletter that has sent all of them."""
    root = tmp_path_factory.mktemp("clean")
    shutil.copy(ROOT / "newsletter.toml", root)
    shutil.copytree(ROOT / "issues", root / "issues")
    for path in CLEAN:
        shutil.copy(path, root / "issues")
    return Project.open(root, environment={})


def test_there_are_five_beside_the_samples() -> None:
    assert len(SAMPLES) >= 2
    assert len(CLEAN) >= 5


@pytest.mark.parametrize("name", [path.name for path in (*SAMPLES, *CLEAN)])
def test_a_clean_issue_has_no_error_and_at_most_two_warnings(project: Project, name: str) -> None:
    found = project.check(project.issues_folder / name)
    said = "\n".join(map(str, found))
    assert [f for f in found if f.severity is Severity.ERROR] == [], said
    assert sum(f.severity is Severity.WARNING for f in found) <= 2, said
