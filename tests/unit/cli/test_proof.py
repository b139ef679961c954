from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from newsletter.cli.main import run

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.com>"
"""

ISSUE = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
sections:
  - headline: Night ferry returns
    body: |
      The first boat leaves the north pier at ten on Friday evening.

      Tickets are sold at the [kiosk](https://example.org/kiosk).
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture
def issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only issue of a project, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsletter.toml").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "issues").mkdir()
    path = tmp_path / "issues" / "2026-11-20.yaml"
    path.write_text(ISSUE, encoding="utf-8")
    return path


PROOF = Path("2026-11-20-proof.html")


def test_a_proof_stands_in_the_working_directory(issue: Path, capsys: Output) -> None:
    assert run(["proof"]) == 0
    assert str(PROOF) in capsys.readouterr().out.splitlines()
    assert "The night ferry is back" in PROOF.read_text("utf-8")


def test_findings_are_no_failure(issue: Path, capsys: Output) -> None:
    issue.write_text(ISSUE.replace("north pier", "TK pier"), encoding="utf-8")
    assert run(["proof"]) == 0
    assert capsys.readouterr().out.startswith("1 error")


def test_a_broken_issue_has_no_proof(issue: Path, capsys: Output) -> None:
    assert run(["proof"]) == 0
    kept = PROOF.read_bytes()
    issue.write_text(ISSUE.replace("sections:", "section:"), encoding="utf-8")
    assert run(["proof"]) == 1
    assert "issues/2026-11-20.yaml:4:1: error:" in capsys.readouterr().err
    assert PROOF.read_bytes() == kept


def test_an_older_proof_is_replaced_and_nothing_else(issue: Path, capsys: Output) -> None:
    assert run(["proof"]) == 0
    issue.write_text(ISSUE.replace("is back", "is late"), encoding="utf-8")
    assert run(["proof"]) == 0
    assert "The night ferry is late" in PROOF.read_text("utf-8")

    PROOF.write_text("my notes", encoding="utf-8")
    assert run(["proof"]) == 1
    assert "2026-11-20-proof.html is there already and is no proof" in capsys.readouterr().err
    assert PROOF.read_text("utf-8") == "my notes"
    assert run(["proof", "-o", str(issue)]) == 1
    assert run(["proof", "--force"]) == 0
    assert PROOF.read_text("utf-8").startswith("<!doctype html>")


def test_standard_output_holds_the_proof_alone(issue: Path, capsys: Output) -> None:
    assert run(["proof", "-o", "-"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("<!doctype html>")
    assert said.out.rstrip().endswith("</html>")
    assert "warning" in said.err or "problems" in said.err
    assert not PROOF.exists()
    assert run(["proof", "-o", "-", "--json"]) == 2


def test_json_says_what_the_proof_says(issue: Path, capsys: Output) -> None:
    issue.write_text(ISSUE.replace("north pier", "TK pier"), encoding="utf-8")
    assert run(["proof", "--json", "-o", "proofs/a.html"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["issue"] == "2026-11-20"
    assert said["errors"] == 1
    assert said["verdict"].startswith("1 error")
    assert 1000 < said["html_bytes"] < said["html_limit"] == 104_448
    assert said["reading_minutes"] == 1
    assert (said["against"], said["words_added"], said["unchecked"]) == (None, None, None)
    assert said["path"] == str(Path("proofs/a.html"))
    assert Path("proofs/a.html").is_file()


def test_it_is_compared_with_the_version_proofed_last(issue: Path, capsys: Output) -> None:
    assert run(["proof"]) == 0
    assert "New: this is the first proof of this issue." in PROOF.read_text("utf-8")
    issue.write_text(ISSUE.replace("Friday", "Sunday"), encoding="utf-8")
    capsys.readouterr()
    assert run(["proof", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["words_added"], said["words_removed"]) == (1, 1)
    assert said["against"].startswith("the proof of ")
    assert "<del>Friday</del><ins>Sunday</ins>" in PROOF.read_text("utf-8")
    assert run(["proof"]) == 0
    assert "No words have changed since the proof of" in PROOF.read_text("utf-8")


@pytest.fixture
def git(issue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is a repository, and its issue is committed."""
    if not shutil.which("git"):
        pytest.skip("no git on this machine")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada Sample")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.com")
    for command in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "issues"],
        ["commit", "--quiet", "--message=an issue"],
    ):
        subprocess.run(["git", *command], check=True)


@pytest.mark.usefixtures("git")
def test_against_a_revision(issue: Path, capsys: Output) -> None:
    issue.write_text(ISSUE.replace("Friday", "Sunday"), encoding="utf-8")
    assert run(["proof", "--against", "main"]) == 0
    html = PROOF.read_text("utf-8")
    assert "Since main (" in html
    assert "<del>Friday</del><ins>Sunday</ins>" in html
    assert run(["proof", "--against", "nowhere"]) == 2
    assert 'git knows no revision "nowhere"' in capsys.readouterr().err


@pytest.mark.usefixtures("git")
def test_an_issue_that_is_not_in_the_revision_is_new(issue: Path) -> None:
    issue.with_name("2026-11-27.yaml").write_text(ISSUE.replace("11-20", "11-27"), encoding="utf-8")
    assert run(["proof", "2026-11-27", "--against", "main"]) == 0
    html = Path("2026-11-27-proof.html").read_text("utf-8")
    assert "New: 2026-11-27.yaml is not in main (" in html


@pytest.mark.usefixtures("git")
def test_a_version_that_was_no_valid_issue_is_said(issue: Path) -> None:
    issue.write_text("subject: A start\n", encoding="utf-8")
    subprocess.run(["git", "commit", "--quiet", "--all", "--message=half"], check=True)
    issue.write_text(ISSUE, encoding="utf-8")
    assert run(["proof", "--against", "HEAD"]) == 0
    assert "so nothing is compared" in PROOF.read_text("utf-8")


def test_screenshots_without_a_browser_write_nothing(
    issue: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(issue.parent))
    assert run(["proof", "--screenshots", "shots"]) == 1
    assert "Install Chromium, Chrome or Edge" in capsys.readouterr().err
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert run(["proof", "--screenshots", "shots"]) == 1
    assert "CHROMIUM names no program: /nowhere/chromium" in capsys.readouterr().err
    assert not Path("shots").exists()
    assert not PROOF.exists()


def test_only_issues_of_the_project_have_proofs(issue: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "2026-11-20.yaml"
    elsewhere.write_text(ISSUE, encoding="utf-8")
    assert run(["proof", str(elsewhere)]) == 2
    assert not (tmp_path / ".newsletter" / "proofs").exists()
