"""``check --links`` and ``check --spam`` ask others, and only when they are told to."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from newsletter.cli.main import run

ISSUE = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
sections:
  - headline: Night ferry returns
    body: The night ferry sails again, says [the harbour](http://127.0.0.1:9/ferry).
"""
Output = pytest.CaptureFixture[str]


@pytest.fixture
def issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An issue whose only link leads to this machine."""
    (tmp_path / "newsletter.toml").write_text(
        'name = "The Harbour Letter"\nfrom = "The Harbour Letter <letter@example.com>"\n'
    )
    path = tmp_path / "issues" / "2026-11-20.yaml"
    path.parent.mkdir()
    path.write_text(ISSUE)
    monkeypatch.chdir(tmp_path)
    return path


def test_links_are_asked_for_on_demand_and_never_inside(issue: Path, capsys: Output) -> None:
    run(["check", "--notes"])
    assert "link-reachable" not in capsys.readouterr().out
    run(["check", "--notes", "--links"])
    out = capsys.readouterr().out
    assert "[link-reachable]" in out
    assert "\nLinks: " in out


def test_links_of_which_nobody_knows_are_no_reason_to_say_that_all_is_well(
    issue: Path, capsys: Output
) -> None:
    run(["check", "--links"])
    out = capsys.readouterr().out
    assert "Links: could not check the only link\n" in out
    assert "No problems" not in out


def test_a_comment_in_the_file_speaks_of_them_too(issue: Path, capsys: Output) -> None:
    issue.write_text(ISSUE.replace("    body:", "    # lint: disable=L01\n    body:"))
    run(["check", "--notes", "--links"])
    out = capsys.readouterr().out
    assert "[link-reachable]" not in out
    assert "[lint-comment]" not in out


def test_without_spamassassin_it_says_so(
    issue: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run(["check", "--spam"])
    out = capsys.readouterr().out
    assert "Spam: could not be checked: " in out


def test_with_spamassassin_its_score_is_shown(
    issue: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "spamassassin"
    program.write_text(
        "#!/bin/sh\n/bin/cat <<'END'\n"
        "X-Spam-Status: Yes, score=6.2 required=5.0 tests=EXAMPLE_RULE\n\n"
        "Content analysis details:   (6.2 points, 5.0 required)\n\n"
        " pts rule name              description\n"
        "---- ---------------------- --------------------------------------------------\n"
        " 6.2 EXAMPLE_RULE           Looks like an example\n\nEND\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    run(["check", "--spam", "--notes"])
    out = capsys.readouterr().out
    assert "warning: SpamAssassin takes this letter for spam: 6.2 points" in out
    assert "Spam: 2026-11-20 has 6.2 points; 5.0 are spam." in out


def test_the_rules_that_ask_outside_are_explained(issue: Path, capsys: Output) -> None:
    assert run(["rules", "L01"]) == 0
    assert capsys.readouterr().out.startswith("L01 link-reachable\n")
