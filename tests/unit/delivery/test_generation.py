from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from newsletter.database.engine import Database
from newsletter.database.tables import marks
from newsletter.delivery import generation
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.outcome import Accepted
from newsletter.errors import NewsletterError, SendRefusedError
from tests.databases import database as either_database
from tests.databases import place, postgres, postgresql_url
from tests.unit.delivery.kit import NOON, Hand, add_readers, ledger_of, make_edition, make_sender

__all__ = ["either_database", "place", "postgres", "postgresql_url"]


def run_once(path: Path, folder: Path, *, accept: bool = False, slug: str = "") -> None:
    """A sending run, as ``send`` does it."""
    database = Database.open(path)
    try:
        generation.check_and_advance(database, folder, NOON, accept=accept)
        hand = Hand(ledger_of(database, Campaigns(database).list()[0]))
        assert hand.one(Accepted())
        generation.advance(database, folder, NOON)
    finally:
        database.close()


def backup(path: Path, to: Path) -> None:
    """A copy as a careful administrator makes it, also of an open database."""
    with sqlite3.connect(path) as source, sqlite3.connect(to) as target:
        source.backup(target)
    source.close()
    target.close()


def restore(copy: Path, path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        (path.parent / name).unlink(missing_ok=True)
    shutil.copy(copy, path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a campaign to five readers that has begun."""
    path = tmp_path / "state" / "newsletter.db"
    database = Database.open(path)
    add_readers(database, 5)
    Campaigns(database).start(make_edition(), make_sender(), "a test", NOON)
    database.close()
    run_once(path, path.parent)
    return path


def test_runs_follow_one_another(path: Path) -> None:
    for _ in range(3):
        run_once(path, path.parent)


def test_after_an_old_copy_was_put_back_nothing_is_sent(path: Path, tmp_path: Path) -> None:
    backup(path, tmp_path / "copy.db")
    run_once(path, path.parent)
    restore(tmp_path / "copy.db", path)
    for _ in range(2):
        with pytest.raises(SendRefusedError, match="older copy was put back") as caught:
            run_once(path, path.parent)
        assert "2026-11-20" in caught.value.message
        assert "--accept-restore" in caught.value.hint


def test_somebody_may_accept_it_once_and_for_all(path: Path, tmp_path: Path) -> None:
    backup(path, tmp_path / "copy.db")
    run_once(path, path.parent)
    restore(tmp_path / "copy.db", path)
    run_once(path, path.parent, accept=True)
    run_once(path, path.parent)


def test_a_copy_of_the_last_state_may_be_put_back(path: Path, tmp_path: Path) -> None:
    run_once(path, path.parent)
    backup(path, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", path)
    run_once(path, path.parent)


def test_a_copy_from_the_middle_of_a_run_is_noticed(path: Path, tmp_path: Path) -> None:
    database = Database.open(path)
    generation.check_and_advance(database, path.parent, NOON)
    backup(path, tmp_path / "copy.db")
    hand = Hand(ledger_of(database, Campaigns(database).list()[0]))
    assert hand.one(Accepted())
    generation.advance(database, path.parent, NOON)
    database.close()
    restore(tmp_path / "copy.db", path)
    with pytest.raises(SendRefusedError):
        run_once(path, path.parent)


def test_another_history_of_the_same_length_is_noticed(path: Path, tmp_path: Path) -> None:
    backup(path, tmp_path / "copy.db")
    run_once(path, path.parent)
    other = tmp_path / "other"
    other.mkdir()
    restore(tmp_path / "copy.db", other / "newsletter.db")
    shutil.copy(path.with_name("keys"), other)
    run_once(other / "newsletter.db", other)
    restore(other / "newsletter.db", path)
    with pytest.raises(SendRefusedError):
        run_once(path, path.parent)


def test_a_crash_between_database_and_file_locks_nobody_out(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(generation, "write_atomically", crash)
            with pytest.raises(KeyboardInterrupt):
                run_once(path, path.parent)
    run_once(path, path.parent)


def test_a_crash_before_the_database_is_written_locks_nobody_out(path: Path) -> None:
    database = Database.open(path)
    database.close()
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE marks RENAME TO away")
    connection.commit()
    with pytest.raises(NewsletterError):
        run_once(path, path.parent, accept=True)
    connection.execute("ALTER TABLE away RENAME TO marks")
    connection.commit()
    connection.close()
    run_once(path, path.parent)


def test_without_a_file_nothing_is_known_and_nothing_refused(path: Path) -> None:
    (path.parent / generation.FILE_NAME).unlink()
    run_once(path, path.parent)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"token": 1'])
def test_a_damaged_file_is_refused_and_can_be_accepted(path: Path, content: bytes) -> None:
    (path.parent / generation.FILE_NAME).write_bytes(content)
    with pytest.raises(SendRefusedError, match="cannot be read"):
        run_once(path, path.parent)
    run_once(path, path.parent, accept=True)
    run_once(path, path.parent)


def test_the_file_is_small_and_for_its_owner_only(path: Path) -> None:
    file = path.parent / generation.FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(json.loads(file.read_text())) == {"token", "at"}
    assert file.stat().st_size < 200


def test_looking_changes_nothing(path: Path) -> None:
    file = path.parent / generation.FILE_NAME
    before = file.read_bytes()
    database = Database.open(path)
    generation.check(database, path.parent)
    database.close()
    assert file.read_bytes() == before


def test_machines_that_share_a_database_have_a_file_each(
    either_database: Database, tmp_path: Path
) -> None:
    machines = [tmp_path / "one", tmp_path / "two"]
    for _ in range(2):
        for folder in machines:
            generation.check_and_advance(either_database, folder, NOON)
    with either_database.writing() as connection:  # as it was before: its last marks are gone
        connection.execute(marks.delete())
    for folder in machines:
        with pytest.raises(SendRefusedError):
            generation.check_and_advance(either_database, folder, NOON)
    generation.check_and_advance(either_database, machines[0], NOON, accept=True)
    with pytest.raises(SendRefusedError):
        generation.check_and_advance(either_database, machines[1], NOON)
