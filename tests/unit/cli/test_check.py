from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from newsletter.cli.main import run
from newsletter.cli.reports.text import coloured
from newsletter.findings import Finding, Severity

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.com>"
list_id = "letter.example.com"
postal_address = "2 Pilot Tower, Brennick"

[lint]
memory = 0
"""

SOUND = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
sections:
  - headline: Night ferry returns
    body: The night ferry sails again from Friday.
"""

WITH_PLACEHOLDER = SOUND.replace("from Friday", "on TK, 100 % sure")
WITH_WARNING = SOUND.replace("is back", "is back, with a new timetable and new fares")
BROKEN = SOUND.replace("headline:", "headlin:")

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a sound issue, the user standing in its folder."""
    (tmp_path / "newsletter.toml").write_text(CONFIGURATION)
    write(tmp_path, "2026-11-20", SOUND)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(project: Path, slug: str, text: str) -> None:
    path = project / "issues" / f"{slug}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace("2026-11-20", slug))


def test_a_sound_issue(project: Path, capsys: Output) -> None:
    assert run(["check"]) == 0
    assert capsys.readouterr() == ("No problems in 2026-11-20.\n", "")


@pytest.mark.parametrize("form", ["text", "github", "sarif"])
def test_two_forms_at_once_are_a_conflict(project: Path, capsys: Output, form: str) -> None:
    assert run(["check", "--json", "--format", form]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"--json and --format {form} say two things" in err


def test_the_same_form_said_twice_is_none(project: Path, capsys: Output) -> None:
    assert run(["check", "--json", "--format", "json"]) == 0
    assert capsys.readouterr().out == "[]\n"


def test_an_error_is_a_line_with_a_caret_and_a_no(project: Path, capsys: Output) -> None:
    write(project, "2026-11-27", WITH_PLACEHOLDER)
    assert run(["check"]) == 1
    assert capsys.readouterr().out == (
        'issues/2026-11-27.yaml:6:42: error: "TK" is a placeholder. '
        "Write what belongs there, or take it out. [placeholder]\n"
        "     6 |     body: The night ferry sails again on TK, 100 % sure.\n"
        "                                                  ^\n"
        "1 error in 1 issue\n"
    )


def test_a_warning_is_a_no_only_when_strict(project: Path, capsys: Output) -> None:
    write(project, "2026-11-20", WITH_WARNING)
    assert run(["check", "2026-11-20"]) == 0
    assert capsys.readouterr().out.endswith("\n1 warning in 1 issue\n")
    assert run(["check", "2026-11-20", "--strict"]) == 1


def test_several_issues_are_checked_in_the_given_order_and_once(
    project: Path, capsys: Output
) -> None:
    write(project, "2026-11-27", WITH_PLACEHOLDER)
    write(project, "2026-12-04", WITH_WARNING)
    issues = ["2026-12-04", "issues/2026-11-27.yaml", "2026-12-04"]
    assert run(["check", *issues]) == 1
    first, _, _, second, _, _, summary = capsys.readouterr().out.splitlines()
    assert first.startswith("issues/2026-12-04.yaml:1:10: warning: ")
    assert second.startswith("issues/2026-11-27.yaml:6:42: error: ")
    assert summary == "1 error, 1 warning in 2 issues"


def test_a_file_that_is_no_issue_is_findings_not_a_failure(project: Path, capsys: Output) -> None:
    write(project, "2026-11-27", BROKEN)
    (project / "issues" / "2026-12-04.yaml").write_bytes(b"\x00\xff")
    assert run(["check", "2026-11-27", "2026-12-04", "2026-11-20"]) == 1
    out, err = capsys.readouterr()
    assert "issues/2026-11-27.yaml:5:5: error: " in out
    assert "issues/2026-12-04.yaml:1:1: error: " in out
    assert err == ""


def test_json_is_one_array_of_findings_and_nothing_else(project: Path, capsys: Output) -> None:
    assert run(["check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    write(project, "2026-11-27", WITH_PLACEHOLDER)
    write(project, "2026-12-04", BROKEN)
    assert run(["check", "2026-11-27", "2026-12-04", "--format", "json"]) == 1
    first, *others = json.loads(capsys.readouterr().out)
    assert first == {
        "path": "issues/2026-11-27.yaml",
        "line": 6,
        "column": 42,
        "rule": "placeholder",
        "severity": "error",
        "message": '"TK" is a placeholder',
        "hint": "Write what belongs there, or take it out.",
    }
    assert others
    assert {finding["path"] for finding in others} == {"issues/2026-12-04.yaml"}


def test_annotations_for_github_are_escaped(project: Path, capsys: Output) -> None:
    write(project, "2026-11-27", WITH_PLACEHOLDER)
    (project / "issues" / "a,b: 100%.yaml").write_text(
        SOUND.replace("ferry sails", "{{ 100%, a:b }} sails")
    )
    assert run(["check", "2026-11-27", "issues/a,b: 100%.yaml", "--format", "github"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        '::error file=issues/2026-11-27.yaml,line=6,col=42,title=placeholder::"TK" is a '
        "placeholder. Write what belongs there, or take it out.",
        "::error file=issues/a%2Cb%3A 100%25.yaml,line=6,col=21,title=merge-field::"
        '"{{ 100%25, a:b }}" is not a merge field: readers would see it as it stands. '
        "A merge field is a name and what stands in without it: {{ name | friend }}",
    ]


def test_notes_are_counted_and_shown_when_asked_for(project: Path, capsys: Output) -> None:
    write(project, "2026-11-27", SOUND.replace("sails again", "sails " * 10_000))
    assert run(["check"]) == 0
    out = capsys.readouterr().out
    assert "[html-size]" not in out
    assert "1 note in 1 issue\n" in out or "notes in 1 issue\n" in out
    assert out.endswith("To see the notes: newsletter check --notes\n")
    assert run(["check", "--notes"]) == 0
    assert "[html-size]" in capsys.readouterr().out
    assert run(["check", "--json"]) == 0
    assert "html-size" in capsys.readouterr().out


def test_github_calls_a_note_a_notice(project: Path, capsys: Output) -> None:
    write(project, "2026-11-27", SOUND.replace("sails again", "sails " * 10_000))
    assert run(["check", "--format", "github"]) == 0
    assert "html-size" not in capsys.readouterr().out
    assert run(["check", "--format", "github", "--notes"]) == 0
    assert "::notice file=issues/2026-11-27.yaml,line=1,col=1,title=html-size" in (
        capsys.readouterr().out
    )


def test_sarif_names_the_rules_that_found_something(project: Path, capsys: Output) -> None:
    write(project, "2026-11-27", WITH_PLACEHOLDER)
    (project / "issues" / "a b.yaml").write_text(BROKEN)
    assert run(["check", "2026-11-27", "a b", "--format", "sarif"]) == 1
    (sarif,) = json.loads(capsys.readouterr().out)["runs"]
    assert [rule["id"] for rule in sarif["tool"]["driver"]["rules"]] == ["placeholder"]
    first, second, *_ = sarif["results"]
    assert first["ruleId"] == "placeholder"
    assert first["level"] == "error"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "issues/2026-11-27.yaml"},
        "region": {"startLine": 6, "startColumn": 42},
    }
    place = second["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "issues/a%20b.yaml"}


def test_of_a_long_line_the_place_is_shown(project: Path, capsys: Output) -> None:
    write(
        project,
        "2026-11-27",
        SOUND.replace("body: The night", "body: " + "Ferry. " * 40 + "TK the night"),
    )
    assert run(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if "[placeholder]" in line)
    line, caret = lines[at + 1 : at + 3]
    assert len(line) < 90
    assert line[caret.index("^") :].startswith("TK the night")
    assert "…" in line


def test_all_issues_can_be_checked(project: Path, capsys: Output) -> None:
    write(project, "2026-11-27", SOUND.replace("ferry", "bus"))
    assert run(["check", "--all"]) == 0
    assert "2 issues" in capsys.readouterr().out
    assert run(["check", "--all", "2026-11-27"]) == 2


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_a_broken_template_is_a_finding_and_does_not_stop_the_other_issues(
    project: Path, capsys: Output, form: str
) -> None:
    write(project, "2026-11-27", "template: special\n" + SOUND)
    write(project, "2026-12-04", WITH_PLACEHOLDER)
    assert run(["check", "2026-11-27", "2026-12-04", "--format", form]) == 1
    out, err = capsys.readouterr()
    assert '"TK' in out.replace('\\"', '"')
    assert 'no template "special"' in out.replace('\\"', '"')
    assert err == ""
    if form == "text":
        assert out.startswith("issues/2026-11-27.yaml:1:11: error: there is no template")


def test_a_mistake_in_a_template_stands_at_its_line(project: Path, capsys: Output) -> None:
    (project / "templates").mkdir()
    (project / "templates" / "default.mjml.j2").write_text("<mjml>\n{{ isue.title }}\n</mjml>\n")
    assert run(["check", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["path"], found["line"]) == ("templates/default.mjml.j2", 2)
    assert found["hint"] == 'Did you mean "issue"?'


def test_an_issue_that_does_not_exist_is_wrong_usage(project: Path, capsys: Output) -> None:
    assert run(["check", "2026-11-20", "2030-01-01"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Error: ")


@pytest.mark.parametrize("severity", list(Severity))
def test_colours_change_no_letter_of_a_line(severity: Severity) -> None:
    finding = Finding("a.yaml", 1, 2, "placeholder", severity, "it says: error: TK", "Mend it.")
    assert click.unstyle(coloured(finding)) == str(finding)
    assert coloured(finding) != str(finding)


def test_many_issues_are_checked_at_once_with_the_same_result(
    project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for week in range(1, 29):
        write(project, f"2026-02-{week:02}", WITH_PLACEHOLDER if week % 9 == 0 else SOUND)
    assert run(["check", "--all"]) == 1
    out = capsys.readouterr().out
    errors = [line for line in out.splitlines() if "[placeholder]" in line]
    assert [line.split(":")[0] for line in errors] == [
        f"issues/2026-02-{week}.yaml" for week in (27, 18, "09")
    ]
    assert "in 29 issues" in out


def test_a_wrong_setting_is_said_once_however_many_issues_there_are(
    project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for week in range(1, 29):
        write(project, f"2026-02-{week:02}", SOUND)
    (project / "newsletter.toml").write_text(CONFIGURATION + "[lint.rules]\nquots = 'off'\n")
    assert run(["check", "--all"]) == 2
    assert capsys.readouterr().err.count("there is no rule quots") == 1


def test_a_slug_means_the_issue_in_all_of_its_languages(project: Path, capsys: Output) -> None:
    write(project, "2026-11-13", SOUND)
    broken = project / "issues/2026-11-20.uk.yaml"
    broken.write_text(BROKEN)
    for words in ([], ["2026-11-20"], ["issues/2026-11-20"], ["2026-11-20", "2026-11-20.uk"]):
        assert run(["check", *words]) == 1
        assert capsys.readouterr().out.count("2026-11-20.uk.yaml:5:") == 1
    assert run(["check", "2026-11-20.uk"]) == 1
    assert run(["check", "issues/2026-11-20.yaml"]) == 0, "a file is that file: hooks name files"
    assert run(["check", "2026-11-13"]) == 0
