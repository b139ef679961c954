"""Findings stand beside the lines that they are about, and no other file is shown."""

from __future__ import annotations

from pathlib import Path

from newsletter.findings import Finding, Severity
from newsletter.preview.remarks import of_broken, of_checked
from newsletter.project import Project


def finding(path: str, line: int = 1, column: int = 1, severity: str = "error") -> Finding:
    return Finding(path, line, column, "schema", Severity(severity), "message")


def test_a_broken_file_shows_its_lines_worst_first(folder: Path, issue: Path) -> None:
    found = [finding(issue.name, 2, 12, "warning"), finding(issue.name, 1, 10)]
    first, second = of_broken(folder, issue, found)
    assert (first.before, first.at, first.after) == ("subject: ", "The", " night ferry is back")
    assert (second.before, second.at) == ("preheader: ", "A")
    assert {first.group, second.group} == {"issue"}
    assert not first.mendable


def test_an_issue_is_found_by_whatever_way_a_finding_names_it(folder: Path, issue: Path) -> None:
    for name in (issue.name, f"issues/{issue.name}", str(issue)):
        (remark,) = of_broken(folder, issue, [finding(name)])
        assert remark.at == "subject:"


def test_another_file_of_the_project_shows_its_lines(folder: Path, issue: Path) -> None:
    template = folder / "templates" / "x.j2"
    template.parent.mkdir()
    template.write_text("<mjml>\n  <mj-oops>\n")
    (remark,) = of_broken(folder, issue, [finding(str(template), 2, 3)])
    assert remark.at == "<mj-oops>"


def test_lines_from_outside_the_project_are_never_shown(folder: Path, issue: Path) -> None:
    outside = folder.parent / "secret.txt"
    outside.write_text("TOP SECRET\n")
    (folder / "linked.txt").symlink_to(outside)
    (folder / "looped.txt").symlink_to("looped.txt")
    names = [
        str(outside),
        f"{folder}/../secret.txt",
        f"{folder}/linked.txt",
        f"{folder}/looped.txt",
        "/etc/passwd",
        "none.txt",
        "a\0b",
        "x" * 5000,
        f"{folder}/{'x' * 5000}",
        "",
        str(folder),
    ]
    for remark in of_broken(folder, issue, [finding(name) for name in names]):
        assert (remark.before, remark.at, remark.after) == ("", "", "")


def test_a_file_in_any_encoding_and_of_any_size_is_shown(folder: Path, issue: Path) -> None:
    issue.write_bytes(b"subject: \xff\xfe\n" + b"x" * 3_000_000)
    first, second = of_broken(folder, issue, [finding(issue.name), finding(issue.name, 2)])
    assert first.after == " \ufffd\ufffd"
    assert len(second.at + second.after) < 300


def test_what_the_rules_find_has_group_place_and_mending(folder: Path, issue: Path) -> None:
    issue.write_text(
        issue.read_text()
        .replace("org/timetable", "org/timetable?utm_source=x")
        .replace("a market hall", "a a market hall")
    )
    project = Project.open(folder)
    manuscript = project.manuscript(issue)
    remarks = of_checked(project, manuscript, project.render(manuscript))
    by_rule = {remark.finding.rule: remark for remark in remarks}
    tracked = by_rule["tracking-parameters"]
    assert tracked.place.startswith("sections.0.body:")
    assert tracked.mendable
    assert tracked.group == "privacy"
    doubled = by_rule["doubled-word"]
    assert doubled.place.startswith("preheader")
    assert "a a market hall" in doubled.before + doubled.at + doubled.after
