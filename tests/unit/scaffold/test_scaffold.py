import datetime
import subprocess
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.findings import Severity
from newsletter.issue.manuscript import Manuscript
from newsletter.project import Project
from newsletter.scaffold.issue import new_issue
from newsletter.scaffold.project import make_project

FRIDAY = datetime.date(2026, 11, 20)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    make_project(tmp_path / "letter", name="The Letter", today=FRIDAY)
    return Project.open(tmp_path / "letter", environment={})


def read(project: Project, path: Path) -> Manuscript:
    manuscript = project.read(path)
    assert isinstance(manuscript, Manuscript), manuscript
    return manuscript


def test_the_first_issue_of_a_new_project_has_nothing_wrong(project: Project) -> None:
    assert project.check(project.find()) == ()


def test_quotes_in_the_name_do_not_break_the_settings(tmp_path: Path) -> None:
    make_project(tmp_path / "x", name='The "Big" \\ Letter', today=FRIDAY)
    assert Project.open(tmp_path / "x", environment={}).settings.name == "The 'Big'  Letter"


def test_an_existing_project_is_not_touched(project: Project) -> None:
    with pytest.raises(NewsletterError, match="is a newsletter project already"):
        make_project(project.root, name="Another", today=FRIDAY)
    assert project.settings.name == "The Letter"


def test_files_that_stand_there_already_are_kept(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    make_project(tmp_path, name="The Letter", today=FRIDAY)
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_git_never_sees_readers_databases_or_sent_mail(project: Project) -> None:
    root = project.root
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    private = [
        "subscribers.csv",
        "lists/export.csv",
        ".newsletter/newsletter.db",
        ".newsletter/newsletter.db-wal",
        "outbox/new/1",
        "rendered/2026-11-20.eml",
        "backup.db",
        "relay.password",
    ]
    for name in private:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("private")
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert sorted(listed) == [
        ".gitignore",
        "issues/2026-11-20.yaml",
        "issues/pictures/ferry.jpg",
        "newsletter.toml",
        "readers.example.csv",
        "templates/README.md",
    ]


def test_the_next_issue_is_a_week_later_with_the_next_number(project: Project) -> None:
    path = new_issue(project, None, today=FRIDAY)
    issue = read(project, path).issue
    assert path.name == "2026-11-27.yaml"
    assert (issue.date, issue.number, issue.draft) == (datetime.date(2026, 11, 27), 2, True)


def test_after_a_pause_the_next_issue_keeps_the_weekday_and_is_not_past(project: Project) -> None:
    path = new_issue(project, None, today=datetime.date(2026, 12, 9))
    assert path.name == "2026-12-11.yaml"


def test_a_slug_with_a_date_gives_the_issue_its_date(project: Project) -> None:
    path = new_issue(project, "2026-12-24-special", today=FRIDAY)
    assert read(project, path).issue.date == datetime.date(2026, 12, 24)


@pytest.mark.parametrize("slug", ["2026-13-45", "2026-02-30-special"])
def test_a_slug_with_a_day_that_does_not_exist_is_refused(project: Project, slug: str) -> None:
    with pytest.raises(NewsletterError, match=f"there is no day {slug[:10]}"):
        new_issue(project, slug, today=FRIDAY)


def test_a_date_that_begins_with_the_day_is_turned_round(project: Project) -> None:
    with pytest.raises(NewsletterError) as caught:
        new_issue(project, "04.12.2026", today=FRIDAY)
    assert caught.value.hint == "Begin with the year: newsletter new 2026-12-04"


def test_check_names_every_placeholder_of_a_new_issue(project: Project) -> None:
    path = new_issue(project, None, today=FRIDAY)
    findings = project.check(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [n for n, line in enumerate(lines, 1) if "TK" in line and not line.startswith("#")]
    errors = [f.line for f in findings if f.severity is Severity.ERROR]
    assert sorted(errors) == expected


def test_an_existing_issue_is_never_overwritten(project: Project) -> None:
    before = project.find().read_bytes()
    with pytest.raises(NewsletterError, match=r"2026-11-20\.yaml exists"):
        new_issue(project, "2026-11-20", today=FRIDAY)
    assert project.find().read_bytes() == before


@pytest.mark.parametrize("slug", ["../escape", "a/b", "Übung", "x.yaml", "-x", "a" * 200])
def test_a_slug_that_is_no_file_name_is_refused(project: Project, slug: str) -> None:
    with pytest.raises(NewsletterError, match="cannot name an issue"):
        new_issue(project, slug, today=FRIDAY)
