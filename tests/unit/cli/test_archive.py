"""``newsletter archive build``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.delivery.outcome import Accepted
from newsletter.project import Project
from tests.unit.cli.sent_kit import begin, call, call_json
from tests.unit.web.archive.kit import USUAL, in_three_languages, make_project, write_issue

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = make_project(tmp_path)
    in_three_languages(made)
    monkeypatch.chdir(tmp_path)
    return made


def pages(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("2*.html")}


def test_from_files_alone_all_issues_that_are_no_drafts_are_built(
    project: Project, capsys: Output
) -> None:
    write_issue(project, "2026-11-27", draft="true")
    said = call(capsys, "archive", "build", "-o", "site")
    assert "2 issues in 3 languages (not drafts)" in said
    assert "index.html" in said
    assert pages(Path("site")) == {
        *("2026-11-13.html", "2026-11-20.html", "2026-11-20.uk.html", "2026-11-20.ar.html"),
    }
    assert not project.database_file.exists()  # building makes no database


def test_with_a_database_only_what_was_sent_is_built(project: Project, capsys: Output) -> None:
    begin(project.root, 2, Accepted("250 ok"), Accepted("250 ok"))
    said = call(capsys, "archive", "build", "-o", "site")
    assert "1 issue in 3 languages (sent)" in said
    assert "2026-11-13.html" not in pages(Path("site"))
    call(capsys, "archive", "build", "-o", "site", "--all")
    assert "2026-11-13.html" in pages(Path("site"))
    plain = call_json(capsys, "archive", "build", "-o", "site", "--sent-only")
    assert "2026-11-13.html" in plain["removed"]
    assert plain["sent_only"] is True


def test_what_has_reached_nobody_is_not_public(project: Project, capsys: Output) -> None:
    begin(project.root, 2)
    said = call(capsys, "archive", "build", "-o", "site")
    assert "0 issues (sent)" in said
    assert "--all" in said


def test_a_mirror_names_its_own_address(project: Project, capsys: Output) -> None:
    call(capsys, "archive", "build", "-o", "site", "--base-url", "http://mirror.example.com/x")
    atom = Path("site/atom.xml").read_text()
    assert 'href="http://mirror.example.com/x/2026-11-20.html"' in atom
    assert "example.org/letter/archive" not in atom
    assert run(["archive", "build", "-o", "site", "--base-url", "mirror.example.com"]) == 2


def test_an_issue_that_cannot_be_read_is_named_and_takes_nothing_away(
    project: Project, capsys: Output
) -> None:
    call(capsys, "archive", "build", "-o", "site")
    (project.issues_folder / "2026-11-13.yaml").write_text("subject: [")
    assert run(["archive", "build", "-o", "site"]) == 1
    assert "2026-11-13.yaml:1" in capsys.readouterr().err
    assert "2026-11-13.html" in pages(Path("site"))
    assert run(["archive", "build", "-o", "site", "--json"]) == 1
    plain = json.loads(capsys.readouterr().out)
    assert plain["findings"][0]["path"] == "issues/2026-11-13.yaml"


def test_an_issue_that_is_called_like_a_page_is_left_out(project: Project, capsys: Output) -> None:
    write_issue(project, "search", date="2026-11-27")
    assert run(["archive", "build", "-o", "site"]) == 1
    assert "search is the name of a page" in capsys.readouterr().err
    assert "2026-11-13.html" in pages(Path("site"))


def test_without_an_address_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    write_issue(make_project(tmp_path, usual=USUAL[:2]), "2026-11-20")
    monkeypatch.chdir(tmp_path)
    assert "no feeds" in call(capsys, "archive", "build", "-o", "site")
    assert not Path("site/atom.xml").exists()


@pytest.mark.parametrize(
    "folder", ["issues", "issues/pages", "Issues", "templates", ".newsletter", "lint", ".git", "."]
)
def test_the_newsletters_own_folders_are_no_place_for_it(
    project: Project, capsys: Output, folder: str
) -> None:
    before = sorted(project.root.rglob("*"))
    assert run(["archive", "build", "-o", folder]) == 1
    assert "newsletter archive build -o public" in capsys.readouterr().err
    assert sorted(project.root.rglob("*")) == before


def test_a_link_to_the_issues_is_no_place_either(project: Project, capsys: Output) -> None:
    Path("site").symlink_to(project.issues_folder)
    assert run(["archive", "build", "-o", "site"]) == 1
    assert "issues" in capsys.readouterr().err
    assert not (project.issues_folder / "index.html").exists()


def test_a_folder_above_the_project_is_no_place_either(project: Project, capsys: Output) -> None:
    assert run(["archive", "build", "-o", ".."]) == 1
    assert "holds the newsletter itself" in capsys.readouterr().err


def test_the_folder_with_the_keys_is_no_place_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    write_issue(make_project(tmp_path, 'keys_file = "secret/keys"'), "2026-11-20")
    monkeypatch.chdir(tmp_path)
    assert run(["archive", "build", "-o", "secret"]) == 1
    assert "keeps its own files" in capsys.readouterr().err
