"""Readers' data in git, with the real git."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.probes.doctor.checkup import Level
from newsletter.probes.doctor.git import check_git
from tests.unit.probes.doctor.kit import ERROR, OK, UNCHECKED, WARNING, levels, only

READERS = "email,name\nada@harbour.org.uk,Ada\nwilf@harbour.org.uk,Wilf\n"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
Git = Callable[..., None]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")

    def run(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    run("init", "--quiet")
    return run


def test_a_project_without_git_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert only(check_git(tmp_path, [])).level is OK


def test_a_repository_that_git_refuses_to_read_is_not_called_fine(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    found = only(check_git(tmp_path, []))
    assert (found.level, found.is_essential) == (UNCHECKED, True)


def test_without_the_program_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = only(check_git(tmp_path, []))
    assert (found.level, found.is_essential) == (UNCHECKED, False)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("issues/readers.csv", READERS, "list of addresses"),
        ("readers.csv", READERS.encode("utf-16"), "list of addresses"),
        ("one.csv", "email\nada@harbour.org.uk\n", "list of addresses"),
        ("dump.sql", "INSERT 'ada@harbour.org.uk'; INSERT 'wilf@harbour.org.uk';", "addresses"),
        ("newsletter.db", b"SQLite format 3\0" + b"\0" * 84, "database"),
        ("copy of.bin", b"SQLite format 3\0" + b"\0" * 84, "database"),
        ("dkim.txt", KEY, "private key"),
        ("relay.password", "open sesame", "secret"),
        ("outbox/new/1.eml", "To: ada@harbour.org.uk", "letter to a reader"),
    ],
)
def test_readers_and_secrets_do_not_belong_in_git(
    tmp_path: Path, git: Git, name: str, content: str | bytes, words: str
) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    secrets, outbox = [tmp_path / "relay.password"], tmp_path / "outbox"

    found = only(check_git(tmp_path, secrets, outbox))
    assert (found.level, words in found.said, name in found.said) == (WARNING, True, True)

    git("add", name)
    found = only(check_git(tmp_path, secrets, outbox))
    assert found.level is ERROR
    assert "git rm --cached" in found.hint

    git("rm", "--cached", "--quiet", name)
    (tmp_path / ".gitignore").write_text(f"{name}\n")
    assert only(check_git(tmp_path, secrets, outbox)).level is OK


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("issues/2026-11-20.yaml", "subject: Write to ada@harbour.org.uk, wilf@harbour.org.uk"),
        ("readers.example.csv", "email,name\nada@example.org,Ada\nwilf@example.com,Wilf\n"),
        ("tides.csv", "day,height\n2026-11-20,3.2\n"),
        ("credits.csv", "picture,mail\nboat.jpg,\n"),
        ("docs/keys.md", "A key begins with -----BEGIN PRIVATE KEY-----\n"),
        ("empty.csv", ""),
    ],
)
def test_other_files_may_be_there(tmp_path: Path, git: Git, name: str, content: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    git("add", name)
    assert only(check_git(tmp_path, [])).level is OK


def test_many_files_are_summed_up(tmp_path: Path, git: Git) -> None:
    for number in range(8):
        (tmp_path / f"{number}.csv").write_text(READERS)
    found = check_git(tmp_path, [])
    assert levels(found) == [WARNING] * 6
    assert "3 more files" in found[-1].said


def test_a_file_that_is_gone_again_does_no_harm(tmp_path: Path, git: Git) -> None:
    (tmp_path / "readers.csv").write_text(READERS)
    git("add", "readers.csv")
    (tmp_path / "readers.csv").unlink()
    assert levels(check_git(tmp_path, [])) == [Level.OK]
