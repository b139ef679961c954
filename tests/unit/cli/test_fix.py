"""``newsletter fix`` repairs what it can in place, and nothing else in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newsletter.cli.main import run

RULE = '''"""Two signs.

What: two signs.

Why: one is enough.

Source: house style.

Bad::

    intro: One == two.

Good::

    intro: One = two.
"""
from newsletter.findings import Severity
from newsletter.lint.rule import Edit, Group, Problem, Target

ID = "Z01"
GROUP = Group.EDITORIAL
SEVERITY = Severity.INFO
TARGET = Target.ISSUE


def check(context):
    for passage in context.passages:
        at = passage.text.find("==")
        if at >= 0:
            start = passage.at(at)
            edit = Edit(passage.where, start, start + 2, "=")
            yield Problem("two signs", "", passage.where, start, fix=(edit,))
'''

ISSUE = b"""\
# Keep me.\r
subject: The night ferry == is back\r
preheader:   "And a library == that stays open until ten"  # and me\r
date: 2026-11-20\r
sections:\r
  - headline: Night ferry returns\r
    body: |\r
      The night ferry == at last == sails again from Friday.\r
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture
def issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An issue with four pairs of signs, in a project that has a rule against them."""
    (tmp_path / "newsletter.toml").write_text(
        'name = "The Harbour Letter"\nfrom = "Letter <letter@example.com>"\n[lint.rules]\n'
    )
    (tmp_path / "lint").mkdir()
    (tmp_path / "lint" / "two_signs.py").write_text(RULE, encoding="utf-8")
    (tmp_path / "issues").mkdir()
    path = tmp_path / "issues" / "2026-11-20.yaml"
    path.write_bytes(ISSUE)
    monkeypatch.chdir(tmp_path)
    return path


def mended() -> bytes:
    return ISSUE.replace(b"==", b"=")


def test_everything_is_mended_in_place(issue: Path, capsys: Output) -> None:
    assert run(["fix"]) == 0
    assert issue.read_bytes() == mended()
    out = capsys.readouterr().out
    assert "issues/2026-11-20.yaml:2:26: mended: two signs [two-signs]\n" in out
    assert out.endswith("4 places mended in 1 issue\n")
    assert run(["fix"]) == 0
    assert issue.read_bytes() == mended()


def test_what_would_change_can_be_seen_first(issue: Path, capsys: Output) -> None:
    assert run(["fix", "--diff"]) == 0
    out = capsys.readouterr().out
    assert "-subject: The night ferry == is back\n" in out
    assert "+subject: The night ferry = is back\n" in out
    assert issue.read_bytes() == ISSUE


def test_a_check_changes_nothing_and_says_no(issue: Path, capsys: Output) -> None:
    assert run(["fix", "--check"]) == 1
    assert capsys.readouterr().out.endswith("4 places to mend in 1 issue\n")
    assert issue.read_bytes() == ISSUE
    assert run(["fix"]) == 0
    assert run(["fix", "--check"]) == 0


def test_programs_read_what_was_mended(issue: Path, capsys: Output) -> None:
    assert run(["fix", "--check", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [finding["line"] for finding in found] == [2, 3, 8, 8]


def test_a_place_where_the_rule_is_off_stays(issue: Path) -> None:
    issue.write_bytes(ISSUE.replace(b"is back", b"is back # lint: disable=Z01"))
    assert run(["fix"]) == 0
    assert b"ferry == is back" in issue.read_bytes()


def test_a_file_that_is_no_issue_is_left_alone(issue: Path, capsys: Output) -> None:
    broken = ISSUE.replace(b"subject", b"subjct")
    issue.write_bytes(broken)
    assert run(["fix"]) == 1
    assert issue.read_bytes() == broken
    assert "is not a valid issue" in capsys.readouterr().err


def test_check_says_that_a_finding_can_be_mended(issue: Path, capsys: Output) -> None:
    assert run(["check", "--notes"]) == 0
    out = capsys.readouterr().out
    assert "two signs. Mended by: newsletter fix [two-signs]" in out
    assert "newsletter fix\n" in out


def test_the_rules_of_a_project_sit_the_exam(issue: Path, capsys: Output) -> None:
    assert run(["rules", "--exam"]) == 0
    assert capsys.readouterr().out == "1 rule of this project, 0 mistakes.\n"
    rule = issue.parent.parent / "lint" / "two_signs.py"
    rule.write_text(RULE.replace("intro: One = two.", "intro: One == two."), encoding="utf-8")
    assert run(["rules", "--exam"]) == 1
    assert "two-signs: it finds 'two signs' in its example Good::" in capsys.readouterr().err


def test_a_rule_is_explained_by_its_name_or_its_number(issue: Path, capsys: Output) -> None:
    assert run(["rules", "N07"]) == 0
    by_number = capsys.readouterr().out
    assert run(["rules", "placeholder"]) == 0
    assert capsys.readouterr().out == by_number
    assert "# lint: disable=placeholder" in by_number
    assert run(["rules", "placeholdr"]) == 2
    assert 'Did you mean "placeholder"?' in capsys.readouterr().err


def test_all_rules_are_listed_with_the_level_that_the_project_gave_them(
    issue: Path, capsys: Output
) -> None:
    assert run(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("editorial\tZ01\ttwo-signs\tinfo\tTwo signs") for line in lines)
    assert run(["rules", "--json"]) == 0
    assert {"two-signs", "placeholder"} <= {r["rule"] for r in json.loads(capsys.readouterr().out)}


def test_a_setting_for_a_rule_that_does_not_exist_is_an_error(issue: Path, capsys: Output) -> None:
    toml = issue.parent.parent / "newsletter.toml"
    toml.write_text(toml.read_text() + 'placeholders = "off"\n')
    assert run(["check"]) == 2
    err = capsys.readouterr().err
    assert "newsletter.toml: lint.rules: there is no rule placeholders" in err
    assert 'Did you mean "placeholder"?' in err


def test_what_was_saved_meanwhile_is_not_lost(
    issue: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsletter.cli import fix

    repair = fix._fix

    def slowly(*arguments: Any) -> Any:
        fixed = repair(*arguments)
        issue.write_bytes(ISSUE + b"# saved by an editor\r\n")
        return fixed

    monkeypatch.setattr(fix, "_fix", slowly)
    assert run(["fix"]) == 1
    assert issue.read_bytes() == ISSUE + b"# saved by an editor\r\n"
    assert "was saved meanwhile" in capsys.readouterr().err


def test_a_link_stays_a_link(issue: Path) -> None:
    real = issue.with_name("real")
    issue.rename(real)
    issue.symlink_to("real")
    assert run(["fix"]) == 0
    assert issue.is_symlink()
    assert real.read_bytes() == mended()
