"""The archive as files: what is written, what is taken away, and what is not touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError, TemplateError
from newsletter.project import Project
from newsletter.web.archive.static import MANIFEST, build
from tests.unit.web.archive.kit import (
    draw_picture,
    in_three_languages,
    make_project,
    site_of,
    write_issue,
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "project"
    folder.mkdir()
    made = make_project(folder)
    in_three_languages(made)
    image = draw_picture(made)
    write_issue(made, "2026-11-06", sections=[{"headline": "A", "body": "b", "image": image}])
    return made


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_equal_issues_give_an_equal_folder_and_a_second_build_writes_nothing(
    project: Project, tmp_path: Path
) -> None:
    first = build(site_of(project, files=True), tmp_path / "one")
    build(site_of(project, files=True), tmp_path / "two")
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "one").rglob("*")}
    again = build(site_of(project, files=True), tmp_path / "one")
    assert again.written == again.removed == again.kept == ()
    assert again.same == len(first.written)
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "one").rglob("*")}


def test_what_is_no_part_of_it_any_more_is_taken_away_and_nothing_else(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    build(site_of(project, files=True), folder)
    (folder / "my-own.html").write_text("mine")
    (folder / "pictures" / "mine.jpg").write_text("mine")
    (project.issues_folder / "2026-11-06.yaml").unlink()
    (project.issues_folder / "2026-11-20.uk.yaml").unlink()
    built = build(site_of(project, files=True), folder)
    assert "2026-11-06.html" in built.removed
    assert "index.uk.html" in built.removed
    assert not (folder / "pictures" / "2026-11-06").exists()
    assert (folder / "my-own.html").read_text() == "mine"
    assert (folder / "pictures" / "mine.jpg").exists()
    assert set(snapshot(folder)) - {MANIFEST} == {
        *json.loads((folder / MANIFEST).read_text())["files"],
        *("my-own.html", "pictures/mine.jpg"),
    }


def test_a_stale_file_that_somebody_changed_stays_and_is_named(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    build(site_of(project, files=True), folder)
    (folder / "2026-11-06.html").write_text("changed by hand")
    (project.issues_folder / "2026-11-06.yaml").unlink()
    built = build(site_of(project, files=True), folder)
    assert built.kept == ("2026-11-06.html",)
    assert (folder / "2026-11-06.html").read_text() == "changed by hand"


def test_with_an_issue_that_cannot_be_read_nothing_is_taken_away(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    build(site_of(project, files=True), folder)
    (project.issues_folder / "2026-11-06.yaml").unlink()
    assert build(site_of(project, files=True), folder, remove=False).removed == ()
    assert (folder / "2026-11-06.html").exists()
    # The next whole build still knows that the file is its own.
    assert "2026-11-06.html" in build(site_of(project, files=True), folder).removed


def test_a_file_of_somebody_else_is_not_written_over(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("my home page")
    with pytest.raises(NewsletterError, match=r"did not make, index\.html for one"):
        build(site_of(project, files=True), folder)
    assert snapshot(folder) == {"index.html": b"my home page"}


def test_nor_is_a_later_one_that_stands_where_a_page_would(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    build(site_of(project, files=True), folder)
    (folder / "2026-11-27.html").write_text("my own page")
    write_issue(project, "2026-11-27")
    with pytest.raises(NewsletterError, match=r"2026-11-27\.html is there already"):
        build(site_of(project, files=True), folder)
    assert (folder / "2026-11-27.html").read_text() == "my own page"


def test_a_folder_with_other_peoples_files_stays_as_it_is(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "checkout"
    (folder / ".git").mkdir(parents=True)
    (folder / "program.py").write_text("print()")
    with pytest.raises(NewsletterError, match=r"program\.py for one") as caught:
        build(site_of(project, files=True), folder)
    assert "empty folder" in caught.value.hint
    assert snapshot(folder) == {"program.py": b"print()"}


def test_an_empty_checkout_for_a_host_of_pages_takes_the_archive(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    (folder / ".git").mkdir(parents=True)
    (folder / "CNAME").write_text("letters.example.org")
    assert "index.html" in build(site_of(project, files=True), folder).written
    assert (folder / "CNAME").read_text() == "letters.example.org"


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/passwd", "a/../../outside.txt", "", "a\\..\\b", "a\0b"]
)
def test_a_forged_manifest_takes_away_nothing(project: Project, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("precious")
    folder = tmp_path / "site"
    folder.mkdir()
    files = {name: "0" * 64}
    (folder / MANIFEST).write_text(json.dumps({"version": 1, "files": files}))
    with pytest.raises(NewsletterError, match="not a list of files"):
        build(site_of(project, files=True), folder)
    assert outside.read_text() == "precious"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1, "files": 3}', "\udcff"])
def test_a_damaged_manifest_is_refused(project: Project, tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(NewsletterError, match="not a list of files"):
        build(site_of(project, files=True), tmp_path)


def test_nothing_is_written_through_a_link(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / MANIFEST).write_text('{"version": 1, "files": {}}')
    (folder / "pictures").symlink_to(elsewhere)
    with pytest.raises(NewsletterError, match="is a link"):
        build(site_of(project, files=True), folder)
    assert list(elsewhere.iterdir()) == []


def test_a_wrong_template_writes_nothing(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    own = project.root / "templates" / "web" / "archive" / "headlines.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ nobody }}")
    with pytest.raises(TemplateError):
        build(site_of(project, files=True), folder)
    assert not folder.exists()


def test_a_killed_build_is_finished_by_the_next(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    whole = tmp_path / "whole"
    build(site_of(project, files=True), whole)
    site, made = site_of(project, files=True), 0
    get = site.get

    def killed(name: str) -> object:
        nonlocal made
        made += 1
        if made > 20:
            raise KeyboardInterrupt
        return get(name)

    site.get = killed  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        build(site, folder)
    build(site_of(project, files=True), folder)
    assert snapshot(folder) == snapshot(whole)
