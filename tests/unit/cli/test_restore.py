"""A database that was put back from a backup, and what ``send`` makes of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newsletter.cli.main import run

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "letter"]) == 0
    monkeypatch.chdir(tmp_path / "letter")
    Path("readers.csv").write_text("email\nann@example.com\nben@example.com\n")
    assert run(["subscribers", "import", "readers.csv"]) == 0
    Path("readers.csv").unlink()
    return tmp_path / "letter"


def outbox(project: Path) -> int:
    folder = project / "outbox/new"
    return len(list(folder.iterdir())) if folder.exists() else 0


def copy(source: Path, target: Path) -> None:
    for name in (target.name, f"{target.name}-wal", f"{target.name}-shm"):
        (target.parent / name).unlink(missing_ok=True)
    before, after = sqlite3.connect(source), sqlite3.connect(target)
    before.backup(after)
    before.close()
    after.close()


def test_backup_send_restore_send_mails_nobody_twice(project: Path, capsys: Output) -> None:
    database, backup = project / ".newsletter/newsletter.db", project / "backup.db"
    copy(database, backup)
    assert run(["send", "--yes"]) == 0
    assert outbox(project) == 2
    copy(backup, database)
    for _ in range(2):
        capsys.readouterr()
        assert run(["send", "--yes"]) == 1
        shown = capsys.readouterr().err
        assert "perhaps an older copy was put back" in shown
        assert "--accept-restore" in shown
    assert outbox(project) == 2
    assert run(["send", "--yes", "--accept-restore"]) == 0
    assert outbox(project) == 4, "somebody has said so"


def test_a_backup_of_the_last_state_may_be_put_back(project: Path, capsys: Output) -> None:
    database, backup = project / ".newsletter/newsletter.db", project / "backup.db"
    assert run(["send", "--yes"]) == 0
    copy(database, backup)
    copy(backup, database)
    assert run(["send", "--yes", "--again"]) == 0
    assert outbox(project) == 4
