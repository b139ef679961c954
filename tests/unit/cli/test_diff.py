from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from newsletter.cli.main import run

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.com>"
"""

FIRST = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
summary:
  - The ferry sails again after eleven months.
sections:
  - headline: Night ferry returns
    body: |
      The first boat leaves the north pier at ten on Friday evening, and the last
      one comes home at two in the morning on both days.

      Tickets are sold at the [kiosk](https://example.org/kiosk).
  - headline: Library stays open
    body: The library on Mill Lane closes at ten.
"""

SECOND = (
    FIRST.replace("Friday", "Saturday")
    .replace("org/kiosk", "org/office")
    .replace("eleven", "twelve")
    .replace("is back", "is back again")
    + "  - headline: A hall without a name\n    body: Anybody may propose one.\n"
)

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in git whose only issue is committed as ``FIRST``."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada Sample")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.com")
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-11-18T12:00:00+0000")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsletter.toml").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "issues").mkdir()
    git("init", "--quiet", "--initial-branch=main")
    write(FIRST)
    commit()
    return tmp_path


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def write(text: str) -> None:
    Path("issues/2026-11-20.yaml").write_text(text, encoding="utf-8")


def commit() -> str:
    git("add", "--all")
    git("commit", "--quiet", "--message", "an issue")
    return git("rev-parse", "--short", "HEAD")


def test_what_is_not_committed_yet(project: Path, capsys: Output) -> None:
    write(SECOND)
    short = git("rev-parse", "--short", "HEAD")
    assert run(["diff"]) == 0
    assert capsys.readouterr().out == (
        f"2026-11-20: changes since HEAD ({short}, 2026-11-18)\n"
        "subject: The night ferry is back {+again+}\n"
        "\n"
        "Summary\n"
        "  bullet 1: The ferry sails again after [-eleven-]{+twelve+} months.\n"
        "\n"
        "Story “Night ferry returns”\n"
        "  paragraph 1: The first boat leaves the north pier at ten on [-Friday-]{+Saturday+} "
        "evening, and the last one comes home at …\n"
        "  paragraph 2: Tickets are sold at the kiosk.\n"
        "    link “kiosk”: [-https://example.org/kiosk-]{+https://example.org/office+}\n"
        "\n"
        "Story “A hall without a name” (new, 4 words)\n"
        "  paragraph 1 (new): {+Anybody may propose one.+}\n"
        "\n"
        "subject changed; 1 bullet changed; 1 story changed, 1 new; 12 words added, 2 removed\n"
    )


def test_without_a_change_it_says_since_when_and_what_else_to_compare_with(
    project: Path, capsys: Output
) -> None:
    first = git("rev-parse", "--short", "HEAD")
    assert run(["diff", "2026-11-20"]) == 0
    assert capsys.readouterr().out == (
        f"2026-11-20: no changes since {first} (2026-11-18).\nThat is its first version.\n"
    )
    write(SECOND)
    second = commit()
    Path("notes.txt").write_text("Not about the issue.", encoding="utf-8")
    commit()
    assert run(["diff", "2026-11-20"]) == 0
    assert capsys.readouterr().out == (
        f"2026-11-20: no changes since {second} (2026-11-18).\n"
        f"Compare with the version before: newsletter diff 2026-11-20 --against {first}\n"
    )
    assert run(["diff", "--against", first]) == 0
    assert capsys.readouterr().out.startswith(f"2026-11-20: changes since {first} (2026-11-18)\n")


def test_layout_and_comments_are_named_but_are_no_change(project: Path, capsys: Output) -> None:
    write(FIRST.replace("subject: The night ferry is back", 'subject: "The night ferry is back"'))
    assert run(["diff"]) == 0
    assert "no changes in words, only in layout or comments, since " in capsys.readouterr().out
    assert run(["diff", "--against", "main"]) == 0
    assert "no changes in words, only in layout or comments, since main (" in (
        capsys.readouterr().out
    )


def test_against_another_issue(project: Path, capsys: Output) -> None:
    Path("issues/2026-11-27.yaml").write_text(
        FIRST.replace("2026-11-20", "2026-11-27"), encoding="utf-8"
    )
    assert run(["diff", "--against", "issues/2026-11-20.yaml"]) == 0
    assert capsys.readouterr().out == (
        "2026-11-27: changes since issues/2026-11-20.yaml\n"
        "date: [-2026-11-20-]{+2026-11-27+}\n"
        "\n"
        "date changed; 0 words added, 0 removed\n"
    )
    assert run(["diff", "--against", "2026-11-20"]) == 2
    assert "To compare with that issue: --against issues/2026-11-20.yaml" in (
        capsys.readouterr().err
    )


def test_moved_and_removed(project: Path, capsys: Output) -> None:
    head, first, second = FIRST.partition("  - headline: Night")[0], *_stories()
    third = "  - headline: A hall without a name\n    body: Anybody may propose one.\n"
    write(head + first + second + third)
    commit()
    write(head + third + first)
    assert run(["diff"]) == 0
    out = capsys.readouterr().out
    assert "Story “A hall without a name” (moved, was 3)\n" in out
    assert "Story “Library stays open” (removed, 8 words)\n" in out
    assert "Mill Lane" not in out
    assert out.endswith("\n1 story moved, 1 removed; 0 words added, 11 removed\n")


def _stories() -> tuple[str, str]:
    start, middle = FIRST.index("  - headline: Night"), FIRST.index("  - headline: Library")
    return FIRST[start:middle], FIRST[middle:]


def test_programs_get_all_of_it_as_json(project: Path, capsys: Output) -> None:
    write(SECOND)
    assert run(["diff", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["issue"] == "2026-11-20"
    assert found["path"] == "issues/2026-11-20.yaml"
    assert found["against"] == {
        "revision": "HEAD",
        "commit": git("rev-parse", "HEAD"),
        "date": "2026-11-18",
        "path": "issues/2026-11-20.yaml",
    }
    assert (found["words_added"], found["words_removed"]) == (12, 2)
    assert found["fields"][0]["pieces"][-1] == {"change": "added", "text": " again"}
    assert [section["change"] for section in found["sections"]] == ["changed", "added"]
    assert found["sections"][0]["paragraphs"][1]["links"] == [
        {
            "kind": "link",
            "words": "kiosk",
            "old": "https://example.org/kiosk",
            "new": "https://example.org/office",
        }
    ]
    write(FIRST)
    assert run(["diff", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sections"] == []


def test_an_earlier_version_that_is_no_issue(project: Path, capsys: Output) -> None:
    write(FIRST.replace("headline:", "headlin:", 1))
    commit()
    write(FIRST)
    assert run(["diff"]) == 1
    err = capsys.readouterr().err
    assert "HEAD:issues/2026-11-20.yaml:7:5: error: " in err
    assert "2026-11-20.yaml was not a valid issue in HEAD (" in err
    assert "--against" in err.splitlines()[-1]
    assert run(["diff", "--against", "HEAD~1"]) == 0


def test_an_issue_that_is_broken_now(project: Path, capsys: Output) -> None:
    write(FIRST.replace("headline:", "headlin:", 1))
    assert run(["diff"]) == 1
    assert "issues/2026-11-20.yaml:7:5: error: " in capsys.readouterr().err


def test_an_issue_that_is_new(project: Path, capsys: Output) -> None:
    Path("issues/2026-11-27.yaml").write_text(
        "subject: A\npreheader: B\ndate: 2026-11-27\nsections:\n  - headline: C\n    body: D\n",
        encoding="utf-8",
    )
    assert run(["diff"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2026-11-27 is new: there is nothing to compare it with (2026-11-27.yaml")
    assert out.endswith("newsletter diff 2026-11-27 --against issues/2026-11-20.yaml\n")
    assert run(["diff", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["against"], said["is_new"]) == (None, True)
    assert "words_added" not in said
    assert run(["diff", "--against", "HEAD"]) == 2
    assert "It is new: git has no earlier version of it." in capsys.readouterr().err


@pytest.mark.parametrize(("is_in_git", "why"), [(True, "no commit yet"), (False, "not in a git")])
def test_an_issue_of_a_project_that_git_knows_nothing_of(
    project: Path, capsys: Output, *, is_in_git: bool, why: str
) -> None:
    shutil.rmtree(".git")
    if is_in_git:
        git("init", "--quiet")
    assert run(["diff"]) == 0
    [said] = capsys.readouterr().out.splitlines()
    assert said.startswith("2026-11-20 is new: ")
    assert why in said
    assert run(["diff", "--against", "HEAD"]) == 2


def test_an_issue_that_was_taken_out_of_git_is_not_new(project: Path, capsys: Output) -> None:
    git("rm", "--quiet", "--cached", "issues/2026-11-20.yaml")
    git("commit", "--quiet", "--message", "out")
    assert run(["diff"]) == 2
    assert "git log --follow" in capsys.readouterr().err


def test_a_revision_that_does_not_exist(project: Path, capsys: Output) -> None:
    assert run(["diff", "--against", "nowhere"]) == 2
    assert capsys.readouterr().err.startswith('Error: git knows no revision "nowhere"\n')


def test_from_another_folder(
    project: Path, capsys: Output, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(SECOND)
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert run(["diff", "--project", str(project)]) == 0
    assert "1 story changed, 1 new" in capsys.readouterr().out
    os.chdir(project)


def test_a_terminal_gets_colours_unless_it_asks_for_none(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsletter.cli.diff_text import lines
    from newsletter.issue.changes.model import Change, Changes, FieldChange, Piece

    pieces = (Piece(Change.REMOVED, "old"), Piece(Change.ADDED, "new"))
    changes = Changes(fields=(FieldChange("subject", pieces, is_text=True),))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert next(lines(changes)) == ("subject: \x1b[31m\x1b[9mold\x1b[0m\x1b[32m\x1b[4mnew\x1b[0m")
    monkeypatch.setenv("NO_COLOR", "1")
    assert next(lines(changes)) == "subject: [-old-]{+new+}"
