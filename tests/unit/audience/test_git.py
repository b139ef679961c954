from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from newsletter.audience.git import could_be_committed


@pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")
def test_a_list_in_a_work_tree_is_safe_only_if_ignored(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("subscribers*.csv\n")
    assert could_be_committed(tmp_path / "readers.csv")
    assert not could_be_committed(tmp_path / "subscribers-2026.csv")


def test_outside_of_a_work_tree_nothing_is_committed(tmp_path: Path) -> None:
    assert not could_be_committed(tmp_path / "readers.csv")


def test_without_git_nothing_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not could_be_committed(tmp_path / "readers.csv")
