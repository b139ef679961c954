"""``newsletter import``: a draft becomes a new issue file, and says what it understood."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
import yaml

from newsletter.cli.main import run

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.com>"
"""

EARLIER = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2031-11-21
number: 7
sections:
  - headline: Night ferry returns
    body: The night ferry sails again from Friday.
"""

DRAFT = """\
The boat will sail all winter.
The theatre has found a stage.

Council keeps the winter boat
The council voted on Tuesday. Seven were for it, four against it.

The boat sails at seven. See https://example.com/boat for the rest.
Theatre finds a stage in a loft
The theatre opens on Friday. Seats are free.
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one issue; the user stands in its folder, beside a draft."""
    (tmp_path / "newsletter.toml").write_text(CONFIGURATION)
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2031-11-21.yaml").write_text(EARLIER)
    (tmp_path / "draft.txt").write_text(DRAFT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def issue(project: Path, slug: str) -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load((project / "issues" / f"{slug}.yaml").read_text())
    return loaded


def test_a_draft_becomes_the_next_issue(project: Path, capsys: Output) -> None:
    assert run(["import", "draft.txt"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "issues/2031-11-28.yaml"
    assert lines[1] == "2 bullets, 2 stories of 3 paragraphs, 0 pictures, 1 link:"
    assert "  • The boat will sail all winter. → council-keeps-winter" in lines
    assert "  theatre-finds-stage: Theatre finds a stage in a loft (1 paragraph)" in lines
    assert any(line.startswith("draft.txt:1:1: warning: the draft names no day") for line in lines)
    assert lines[-1] == "Now: newsletter check 2031-11-28, and newsletter preview 2031-11-28"
    assert issue(project, "2031-11-28")["number"] == 8
    assert (project / ".newsletter" / "issue.schema.json").exists()


def test_the_new_issue_is_valid_and_cannot_be_sent_yet(project: Path, capsys: Output) -> None:
    assert run(["import", "draft.txt"]) == 0
    capsys.readouterr()
    assert run(["check", "--json"]) == 1
    found = {f["rule"] for f in json.loads(capsys.readouterr().out) if f["severity"] == "error"}
    assert found == {"placeholder"}
    assert issue(project, "2031-11-28")["draft"] is True


def test_the_day_is_asked_for_or_taken_from_the_name(project: Path) -> None:
    assert run(["import", "draft.txt", "--date", "2032-01-02"]) == 0
    (project / "week 2032-01-09.txt").write_text(DRAFT)
    assert run(["import", "week 2032-01-09.txt"]) == 0
    assert run(["import", "draft.txt", "-o", "issues/2032-01-16.yaml"]) == 0
    for slug in ("2032-01-02", "2032-01-09", "2032-01-16"):
        assert str(issue(project, slug)["date"]) == slug


def test_an_issue_is_never_written_over_by_accident(project: Path, capsys: Output) -> None:
    assert run(["import", "draft.txt", "--date", "2031-11-21"]) == 1
    assert "issues/2031-11-21.yaml exists" in capsys.readouterr().err
    assert (project / "issues" / "2031-11-21.yaml").read_text() == EARLIER
    assert run(["import", "draft.txt", "--date", "2031-11-21", "--force"]) == 0
    assert issue(project, "2031-11-21")["draft"] is True


def test_a_dry_run_prints_the_file_and_writes_nothing(project: Path, capsys: Output) -> None:
    before = sorted(project.rglob("*"))
    assert run(["import", "draft.txt", "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert yaml.safe_load(out)["sections"][0]["headline"] == "Council keeps the winter boat"
    assert "2 bullets, 2 stories" in err
    assert sorted(project.rglob("*")) == before


def test_a_draft_comes_through_a_pipe(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DRAFT.encode("utf-16"))))
    assert run(["import", "-"]) == 0
    assert "<stdin>:1:1: " in capsys.readouterr().out
    assert "# Imported from <stdin>." in (project / "issues" / "2031-11-28.yaml").read_text()


def test_json_for_programs(project: Path, capsys: Output) -> None:
    assert run(["import", "draft.txt", "--json", "--dry-run"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["path"] == "issues/2031-11-28.yaml"
    assert report["written"] is False
    assert report["bullets"][1] == {
        "text": "The theatre has found a stage.",
        "story": "theatre-finds-stage",
    }
    assert [story["paragraphs"] for story in report["stories"]] == [2, 1]
    assert report["findings"][0].keys() >= {"path", "line", "column", "rule", "message", "hint"}
    assert yaml.safe_load(report["text"])["number"] == 8


def test_pictures_are_put_beside_the_issue_and_never_over_others(project: Path) -> None:
    pictures = project / "issues" / "pictures"
    pictures.mkdir()
    (pictures / "boat.png").write_bytes(b"another")
    (project / "img").mkdir()
    (project / "img" / "Boat.PNG").write_bytes(b"the boat")
    (project.parent / "secret.png").write_bytes(b"secret")
    draft = "# Boat\n\n![A boat](img/Boat.PNG)\n\nIt sails. Daily.\n\n![No](../secret.png)\n"
    (project / "draft.md").write_text(draft)
    assert run(["import", "draft.md"]) == 0
    assert (pictures / "boat.png").read_bytes() == b"another"
    assert (pictures / "boat-2.png").read_bytes() == b"the boat"
    assert sorted(path.name for path in pictures.iterdir()) == ["boat-2.png", "boat.png"]
    assert "src: pictures/boat-2.png" in (project / "issues" / "2031-11-28.yaml").read_text()


def test_importing_the_same_picture_twice_keeps_one_file(project: Path) -> None:
    (project / "boat.png").write_bytes(b"the boat")
    (project / "draft.md").write_text("# Boat\n\n![A boat](boat.png)\n\nIt sails. Daily.\n")
    assert run(["import", "draft.md"]) == 0
    assert run(["import", "draft.md", "--date", "2032-01-02"]) == 0
    assert [p.name for p in (project / "issues" / "pictures").iterdir()] == ["boat.png"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["no-such-file.txt"], 2, "there is no draft no-such-file.txt"),
        (["issues"], 2, "issues is a folder"),
        (["draft.txt", "--date", "soon"], 2, "is no day like 2026-11-20"),
        (["draft.txt", "-o", "issue.txt"], 2, "ends in .yaml"),
        (["empty.txt"], 1, "the draft is empty"),
        (["page.pdf"], 1, "the draft is a PDF"),
        (["huge.txt"], 1, "an issue has at most"),
        (["x\0y"], 1, "cannot read"),
    ],
)
def test_what_cannot_be_imported_says_so_in_two_lines(
    project: Path, capsys: Output, arguments: list[str], code: int, message: str
) -> None:
    (project / "empty.txt").write_text(" \n\n")
    (project / "page.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3")
    (project / "huge.txt").write_text("Word. Word.\n" * 100_000)
    assert run(["import", *arguments]) == code
    shown = capsys.readouterr().err
    assert message in shown
    assert "Traceback" not in shown
    assert sorted(p.name for p in (project / "issues").iterdir()) == ["2031-11-21.yaml"]


def test_many_findings_of_one_rule_are_counted(project: Path, capsys: Output) -> None:
    broken = "The boat and the\nbirds sail.\n" * 50
    (project / "draft.txt").write_text(f"Boat sails\n{broken}")
    assert run(["import", "draft.txt"]) == 0
    out = capsys.readouterr().out
    assert out.count("[broken-line]") == 20
    assert "30 more of these; --json shows them all." in out


def test_the_newsletter_s_language_is_compared_with_the_draft(
    project: Path, capsys: Output
) -> None:
    said = "Пором знову ходить щоп’ятниці, а бібліотека відчинена до десятої вечора. " * 3
    (project / "draft.txt").write_text(f"Добрий вечір усім!\n\n\nПором повертається\n\n{said}\n")
    assert run(["import", "draft.txt"]) == 0
    assert issue(project, "2031-11-28")["language"] == "uk"
    out = capsys.readouterr().out
    assert "warning: the draft is written in Cyrillic letters" in out
    assert " and 1 paragraph outside stories:" in out


def test_a_dead_link_is_never_written_over(project: Path, capsys: Output) -> None:
    (project / "issues" / "2032-01-02.yaml").symlink_to("gone.yaml")
    assert run(["import", "draft.txt", "--date", "2032-01-02"]) == 1
    assert "exists" in capsys.readouterr().err


def test_a_folder_that_a_mac_shows_as_a_file_gets_a_way_out(project: Path, capsys: Output) -> None:
    (project / "week.pages").mkdir()
    assert run(["import", "week.pages"]) == 2
    assert "In Apple Pages, save it as .docx" in capsys.readouterr().err


def test_random_bytes_write_nothing(project: Path, capsys: Output) -> None:
    (project / "draft.txt").write_bytes(bytes(range(256)) * 20)
    assert run(["import", "draft.txt"]) == 1
    assert "not a text file" in capsys.readouterr().err
    assert len(list((project / "issues").iterdir())) == 1
