"""The archive that a server shows: made anew when something changes, and else left alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.errors import DatabaseError
from newsletter.project import Project
from newsletter.web.archive.live import INTERVAL, LiveArchive
from tests.unit.web.archive.kit import in_three_languages, make_project, write_issue


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time

    def later(self) -> None:
        self.time += INTERVAL + 0.1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with contextlib.closing(make_project(tmp_path)) as made:
        in_three_languages(made)
        yield made


@pytest.fixture
def archive(project: Project, clock: Clock) -> LiveArchive:
    return LiveArchive(project, all_issues=True, clock=clock)


def said(archive: LiveArchive, path: str) -> str:
    resource = archive.get(path)
    assert resource is not None, path
    return resource.body.decode()


def test_an_issue_is_found_with_and_without_its_ending(archive: LiveArchive) -> None:
    page = archive.get("2026-11-20.uk")
    assert page is not None
    assert archive.get("2026-11-20.uk.html") is page
    assert archive.get("") is archive.get("index.html")


@pytest.mark.parametrize(
    "path",
    [
        *("..", "../newsletter.toml", "newsletter.toml", "issues/2026-11-20.yaml", ".env", ".git"),
        *("/etc/passwd", "2026-11-20.yaml", ".newsletter/newsletter.db", "pictures", "pictures/"),
        *("pictures/2026-11-20/../../newsletter.toml", "pictures/2026-11-20/", "pictures//x.jpg"),
        *("2026-11-20\0", "2026-11-20.html/", "INDEX.HTML", "search.db", "con", "a" * 9999, "\\"),
        *("index.html.html", "index.en.html", "templates/web/style.css"),
    ],
)
def test_what_is_not_on_the_list_does_not_exist(archive: LiveArchive, path: str) -> None:
    assert archive.get(path) is None


def test_a_change_is_seen_after_a_moment_and_pages_are_kept_until_then(
    archive: LiveArchive, project: Project, clock: Clock
) -> None:
    assert archive.kept("2026-11-20") is None
    page = archive.get("2026-11-20")
    assert archive.kept("2026-11-20") is page
    write_issue(project, "2026-11-20", title="A new headline, for all to see")
    assert archive.get("2026-11-20") is page
    clock.later()
    assert archive.kept("2026-11-20") is None
    assert "A new headline" in said(archive, "2026-11-20")
    assert "A new headline" in said(archive, "")


def test_without_a_change_nothing_is_made_again(archive: LiveArchive, clock: Clock) -> None:
    page = archive.get("2026-11-20")
    clock.later()
    assert archive.get("2026-11-20") is page


def test_pages_that_a_change_does_not_touch_are_not_made_again(
    archive: LiveArchive, project: Project, clock: Clock
) -> None:
    arabic, english = archive.get("2026-11-20.ar"), archive.get("2026-11-20")
    write_issue(project, "2026-11-13", title="Another name for the issue before")
    clock.later()
    assert archive.get("2026-11-20.ar") is arabic
    assert archive.get("2026-11-20") is not english  # it names the issue before


def test_a_new_template_is_used(archive: LiveArchive, project: Project, clock: Clock) -> None:
    said(archive, "")
    own = project.root / "templates" / "web" / "archive" / "index.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("<html><head></head><body>Ours</body></html>")
    clock.later()
    assert "Ours" in said(archive, "")
    part = project.root / "templates" / "web" / "parts" / "footer.html.j2"
    part.parent.mkdir()
    part.write_text("<footer>Ours, too</footer>")
    clock.later()
    assert "Ours, too" in said(archive, "2026-11-20")


def test_a_file_that_is_being_worked_on_stays_as_it_was(
    archive: LiveArchive, project: Project, clock: Clock
) -> None:
    before = said(archive, "2026-11-20")
    (project.issues_folder / "2026-11-20.yaml").write_text("subject: [")
    clock.later()
    assert said(archive, "2026-11-20") == before
    (project.issues_folder / "2026-11-20.yaml").unlink()
    clock.later()
    assert archive.get("2026-11-20") is None


def test_what_becomes_private_is_gone(archive: LiveArchive, project: Project, clock: Clock) -> None:
    assert "high water" in archive.find("water").body.decode()
    write_issue(project, "2026-11-13", title="After the high water", visibility="private")
    clock.later()
    assert archive.get("2026-11-13") is None
    assert "high water" not in archive.find("water").body.decode()


def test_a_search_finds_and_repeats_nothing_that_was_typed(archive: LiveArchive) -> None:
    page = archive.find("Паром xyzzy").body.decode()
    assert "xyzzy" not in page
    assert "Nothing was found" in page
    page = archive.find("сьомеро").body.decode()
    assert "Issues found: 1" in page
    assert "<mark>Сьомеро</mark>" in page
    assert archive.find("сьомеро").cache == "no-store"
    assert "Issues found" not in archive.find("  ").body.decode()


def test_only_what_was_sent_is_shown_where_there_is_a_database(
    project: Project, clock: Clock
) -> None:
    archive = LiveArchive(project, clock=clock)
    assert archive.get("2026-11-20") is None
    assert "No issue has been published yet." in said(archive, "")
    assert not project.has_database  # looking makes none


def test_a_database_that_is_away_for_a_moment_takes_nothing_back(
    project: Project, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime

    archive = LiveArchive(project, clock=clock)
    at = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
    look = "newsletter.web.archive.sent.Sent.look"
    monkeypatch.setattr(look, lambda _: {"2026-11-20": at})
    assert archive.get("2026-11-20")

    def away(_: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(look, away)
    clock.later()
    assert archive.get("2026-11-20")
    with pytest.raises(DatabaseError):
        LiveArchive(project, clock=clock).get("2026-11-20")


def test_warming_makes_every_page(archive: LiveArchive) -> None:
    archive.warm()
    for name in archive.site().all_names():
        assert archive.kept(name), name
