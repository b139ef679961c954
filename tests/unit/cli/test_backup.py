"""Backups, restores and keys of the database, as commands."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.database.encryption import DatabaseKey
from newsletter.delivery.lock import sending_alone
from newsletter.environment import SECRETS
from newsletter.errors import DatabaseError
from newsletter.settings import Settings
from tests.unit.database.files_kit import CANARY, count, opened, put, traces

Output = pytest.CaptureFixture[str]
KEY = "3f" * 32
OTHER = "a0" * 32


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (*SECRETS, "NEWSLETTER_DATABASE", "NEWSLETTER_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    assert run(["init", "letter"]) == 0
    monkeypatch.chdir(tmp_path / "letter")
    return tmp_path / "letter"


@pytest.fixture
def file(project: Path) -> Path:
    """The database, with three rows."""
    file = project / ".newsletter/newsletter.db"
    with opened(file) as database:
        put(database, ["ann", "ben", "cas"])
    return file


def rows(file: Path, key: str = "") -> int:
    with opened(file, DatabaseKey.parse(key) if key else None) as database:
        return count(database)


def call(capsys: Output, *words: str, code: int = 0) -> str:
    """Run a command; all that it said."""
    capsys.readouterr()
    assert run(list(words)) == code, capsys.readouterr()
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return said.out + said.err


class TestBackup:
    def test_a_backup_is_made_and_put_back(self, file: Path, capsys: Output) -> None:
        said = call(capsys, "backup")
        (made,) = (file.parent / "backups").iterdir()
        assert f"newsletter restore {made}" in said
        assert "not encrypted" in said
        assert "The keys are not in it" in said
        with opened(file) as database:
            put(database, ["dan"])
        said = call(capsys, "restore", str(made))
        assert "Put back the database of 2" in said
        (kept,) = file.parent.glob("newsletter.db.2*")
        assert str(kept) in said
        assert (rows(file), rows(kept)) == (3, 4)

    def test_programs_are_told_what_was_done(
        self, file: Path, capsys: Output, tmp_path: Path
    ) -> None:
        made = json.loads(call(capsys, "backup", "-o", str(tmp_path), "--with-keys", "--json"))
        assert Path(made["file"]).parent == tmp_path
        assert made["with_keys"] is True
        assert made["rows"]["facts"] == 4
        done = json.loads(call(capsys, "restore", made["file"], "--json"))
        assert (done["keys"], done["kept_keys"]) == (False, None)
        assert done["rows"] == made["rows"]

    def test_a_new_machine_gets_database_and_keys(
        self, project: Path, file: Path, capsys: Output, tmp_path: Path
    ) -> None:
        call(capsys, "backup", "-o", str(tmp_path / "all.backup"), "--with-keys")
        shutil.rmtree(file.parent)
        call(capsys, "restore", str(tmp_path / "all.backup"), "--with-keys")
        assert rows(file) == 3
        assert (file.parent / "ledger-mark").exists(), "it may be an old copy: send must ask"

    @pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
    def test_it_does_not_go_where_git_would_take_it(
        self, project: Path, file: Path, capsys: Output
    ) -> None:
        subprocess.run(["git", "init", "--quiet"], check=True, cwd=project)
        said = call(capsys, "backup", "-o", "readers.copy", code=1)
        assert "git would take it in" in said
        assert not Path("readers.copy").exists()
        call(capsys, "backup", "-o", "readers.backup")

    def test_an_unknown_folder_is_named(self, file: Path, capsys: Output) -> None:
        assert "there is no folder" in call(capsys, "backup", "-o", "nowhere/a.backup", code=1)
        assert "there is no folder" in call(capsys, "backup", "-o", "nowhere/", code=1)
        assert not Path("nowhere").exists()

    def test_without_a_database_there_is_nothing_to_do(self, project: Path, capsys: Output) -> None:
        assert "there is no database" in call(capsys, "backup", code=2)

    def test_nothing_is_put_back_while_a_send_is_running(self, file: Path, capsys: Output) -> None:
        call(capsys, "backup", "-o", "a.backup")
        with sending_alone(file.parent):
            said = call(capsys, "restore", "a.backup", code=1)
        assert "another program is sending" in said
        assert not list(file.parent.glob("newsletter.db.2*"))

    def test_a_server_has_a_program_of_its_own(
        self, project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NEWSLETTER_DATABASE", "postgresql://ann:s3cret@db.example.org/letter")
        said = call(capsys, "backup", code=1)
        url = "postgresql://ann@db.example.org/letter?sslmode=verify-full"
        assert f"pg_dump --format=custom --no-owner --file=newsletter.dump '{url}'" in said
        assert "s3cret" not in said
        said = call(capsys, "restore", "newsletter.dump", code=1)
        assert "pg_restore --clean --if-exists" in said
        assert f"--dbname='{url}'" in said


class TestSendAfterARestore:
    @pytest.fixture
    def outbox(self, project: Path) -> Path:
        Path("readers.csv").write_text("email\nann@example.com\nben@example.com\n")
        assert run(["subscribers", "import", "readers.csv"]) == 0
        Path("readers.csv").unlink()
        return project / "outbox/new"

    def test_who_got_the_letter_after_the_backup_does_not_get_it_again_unasked(
        self, outbox: Path, capsys: Output
    ) -> None:
        call(capsys, "backup", "-o", "before.backup")
        call(capsys, "send", "--yes")
        assert len(list(outbox.iterdir())) == 2
        call(capsys, "restore", "before.backup")
        assert "perhaps an older copy was put back" in call(capsys, "send", "--yes", code=1)
        assert len(list(outbox.iterdir())) == 2
        call(capsys, "send", "--yes", "--accept-restore")
        assert len(list(outbox.iterdir())) == 4

    def test_a_backup_of_the_last_state_asks_nothing(self, outbox: Path, capsys: Output) -> None:
        call(capsys, "send", "--yes")
        call(capsys, "backup", "-o", "after.backup")
        call(capsys, "restore", "after.backup")
        call(capsys, "send", "--yes", "--again")
        assert len(list(outbox.iterdir())) == 4

    def test_a_machine_that_has_never_sent_asks_too(
        self, project: Path, outbox: Path, capsys: Output, tmp_path: Path
    ) -> None:
        call(capsys, "backup", "-o", str(tmp_path / "a.backup"), "--with-keys")
        call(capsys, "send", "--yes")
        shutil.rmtree(project / ".newsletter")
        call(capsys, "restore", str(tmp_path / "a.backup"), "--with-keys")
        assert "perhaps an older copy" in call(capsys, "send", "--yes", code=1)


class TestKey:
    def test_a_database_is_encrypted_used_given_another_key_and_decrypted(
        self, project: Path, file: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = call(capsys, "database", "new-key", ".newsletter/key")
        key = Path(".newsletter/key").read_text().strip()
        assert key not in said
        assert "newsletter database encrypt" in said
        setting = next(line for line in said.splitlines() if line.startswith("  database_key_file"))
        toml = project / "newsletter.toml"
        before = toml.read_text()
        toml.write_text(f"{setting.strip()}\n{before}")
        assert "it is not encrypted" in call(capsys, "database", "info", code=1)
        assert "all compared" in call(capsys, "database", "encrypt")
        assert traces(file.parent) == {}
        assert ", encrypted)" in call(capsys, "database", "info")
        assert json.loads(call(capsys, "database", "info", "--json"))["encrypted"] is True

        call(capsys, "backup", "-o", "a.backup")
        assert traces(project) == {}

        monkeypatch.setenv("NEWSLETTER_DATABASE_NEW_KEY", OTHER)
        assert "new key" in call(capsys, "database", "rekey")
        assert "the key does not open it" in call(capsys, "database", "info", code=1)
        Path(".newsletter/key").write_text(OTHER)
        call(capsys, "database", "info")
        assert "does not open it" in call(capsys, "restore", "a.backup", code=1)
        call(capsys, "database", "decrypt")
        toml.write_text(before)
        call(capsys, "database", "info")
        assert rows(file) == 3

    def test_a_copy_that_a_restore_has_kept_in_clear_is_named(
        self, project: Path, file: Path, capsys: Output
    ) -> None:
        call(capsys, "backup", "-o", "a.backup")
        call(capsys, "restore", "a.backup")
        (kept,) = file.parent.glob("newsletter.db.*Z")
        call(capsys, "database", "new-key", ".newsletter/key")
        toml = project / "newsletter.toml"
        toml.write_text(f'database_key_file = ".newsletter/key"\n{toml.read_text()}')
        warning = f"Anybody who has this file can read it: .newsletter/{kept.name}\n"
        assert warning in call(capsys, "database", "encrypt")
        assert warning in call(capsys, "database", "shred-key", "--yes")

    def test_an_encrypted_database_without_its_key_is_not_opened(
        self, file: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NEWSLETTER_DATABASE_KEY", KEY)
        call(capsys, "database", "encrypt")
        monkeypatch.delenv("NEWSLETTER_DATABASE_KEY")
        for command in (["database", "info"], ["backup"]):
            assert "it is encrypted, and there is no key" in call(capsys, *command, code=1)
        monkeypatch.setenv("NEWSLETTER_DATABASE_KEY", OTHER)
        said = call(capsys, "database", "info", code=1)
        assert OTHER not in said
        assert rows(file, KEY) == 3

    @pytest.mark.parametrize("command", ["encrypt", "decrypt", "rekey"])
    def test_without_a_key_nothing_is_converted(
        self, file: Path, capsys: Output, command: str
    ) -> None:
        assert "there is no key" in call(capsys, "database", command, code=2)
        assert rows(file) == 3

    def test_a_new_key_must_be_new(
        self, file: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NEWSLETTER_DATABASE_KEY", KEY)
        call(capsys, "database", "encrypt")
        assert "there is no new key" in call(capsys, "database", "rekey", code=2)
        monkeypatch.setenv("NEWSLETTER_DATABASE_NEW_KEY", KEY)
        assert "the present one" in call(capsys, "database", "rekey", code=2)

    def test_a_key_in_the_file_of_the_settings_is_refused(
        self, project: Path, capsys: Output
    ) -> None:
        toml = project / "newsletter.toml"
        toml.write_text(f'database_key = "{KEY}"\n{toml.read_text()}')
        said = call(capsys, "database", "info", code=2)
        assert "newsletter.toml:1: the key must not stand here" in said
        assert KEY not in said

    @pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
    def test_a_key_that_git_would_take_in_is_refused(self, project: Path, capsys: Output) -> None:
        subprocess.run(["git", "init", "--quiet"], check=True, cwd=project)
        assert "git would take" in call(capsys, "database", "new-key", "key.txt", code=1)
        Path("key.txt").write_text(KEY)
        Path("key.txt").chmod(0o600)
        toml = project / "newsletter.toml"
        toml.write_text(f'database_key_file = "key.txt"\n{toml.read_text()}')
        said = call(capsys, "backup", code=2)
        assert "git tracks the key of the database" in said
        assert "database rekey" in said

    def test_in_an_emergency_the_key_is_destroyed(
        self,
        project: Path,
        file: Path,
        capsys: Output,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        call(capsys, "database", "new-key", ".newsletter/key")
        key = Path(".newsletter/key").read_text()
        toml = project / "newsletter.toml"
        toml.write_text(f'database_key_file = ".newsletter/key"\n{toml.read_text()}')
        call(capsys, "database", "encrypt")
        rescued = tmp_path / "what-a-rescuer-finds"
        os.link(".newsletter/key", rescued)
        monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
        call(capsys, "database", "shred-key", code=130)
        assert rows(file, key) == 3
        call(capsys, "database", "shred-key", "--yes")
        assert not Path(".newsletter/key").exists()
        assert not rescued.read_bytes().strip(b"\x00")
        with pytest.raises(DatabaseError):
            rows(file, key)
        call(capsys, "database", "info", code=2)

    def test_a_key_that_is_elsewhere_cannot_be_destroyed_here(
        self, file: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "where it is kept" in call(capsys, "database", "shred-key", "--yes", code=2)
        monkeypatch.setenv("NEWSLETTER_DATABASE_KEY", KEY)
        assert "where it is kept" in call(capsys, "database", "shred-key", "--yes", code=2)
        monkeypatch.delenv("NEWSLETTER_DATABASE_KEY")
        assert rows(file) == 3

    def test_a_key_is_never_written_over(self, project: Path, capsys: Output) -> None:
        call(capsys, "database", "new-key", ".newsletter/key")
        before = Path(".newsletter/key").read_text()
        assert "exists" in call(capsys, "database", "new-key", ".newsletter/key", code=1)
        assert Path(".newsletter/key").read_text() == before
        assert "Name a FILE" in call(capsys, "database", "new-key", code=2)

    def test_a_server_is_not_encrypted_by_us(
        self, project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NEWSLETTER_DATABASE", "postgresql://ann@db.example.org/letter")
        monkeypatch.setenv("NEWSLETTER_DATABASE_KEY", KEY)
        assert "newsletter encrypts files only" in call(capsys, "database", "encrypt", code=1)

    def test_it_is_not_shown_with_the_settings(self) -> None:
        settings = Settings.model_validate(
            {"name": "Letter", "from": "a@example.org", "database_key": KEY}
        )
        assert KEY not in repr(settings)

    @pytest.mark.skipif(os.name != "posix", reason="the stand-in for git is a shell script")
    def test_programs_that_we_start_do_not_get_it(self, project: Path, file: Path) -> None:
        tools, seen = project / "tools", project / "seen"
        tools.mkdir()
        (tools / "git").write_text(f'#!/bin/sh\nenv >> "{seen}"; echo "$@" >> "{seen}"\nexit 128\n')
        (tools / "git").chmod(0o755)
        environment = {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "NEWSLETTER_DATABASE_KEY": KEY,
            "NEWSLETTER_TRANSPORT_PASSWORD": "pw-5a1d",
        }
        for words in (["database", "encrypt"], ["backup", "-o", "a.backup"]):
            subprocess.run(
                [sys.executable, "-m", "newsletter", *words], env=environment, check=True
            )
        assert "PATH=" in seen.read_text(), "git was asked"
        assert KEY not in seen.read_text()
        assert "pw-5a1d" not in seen.read_text()
        assert CANARY.encode() not in Path("a.backup").read_bytes()
