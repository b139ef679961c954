"""One build for a save, and the last good letter for as long as the files are broken."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from newsletter.preview.desk import Desk, Page
from newsletter.preview.view import View
from newsletter.project import Project

SLUG = "2026-11-20"


@pytest.fixture
def desk(folder: Path) -> Desk:
    return Desk(Project.open(folder))


def view(desk: Desk) -> View:
    page = desk.page(SLUG)
    assert page is not None
    return page.view


def test_the_letter_is_the_message_as_sent(desk: Desk) -> None:
    letter = view(desk).letter
    assert letter is not None
    assert letter.mail.subject == "The night ferry is back"
    assert letter.mail.sender == "The Harbour Letter <letter@example.org>"
    assert "Hello Alex Example" in letter.mail.html
    assert "Hello Alex Example" in letter.mail.text
    assert "List-Unsubscribe:" in letter.mail.source
    assert letter.preheader.startswith("A new timetable")
    assert [picture.content_type for picture in letter.mail.pictures.values()] == ["image/png"]


def test_issues_are_listed_latest_first(desk: Desk) -> None:
    page = desk.page(SLUG)
    assert page is not None
    assert page.issues == ("2026-11-20", "2026-11-13")
    assert page.newsletter == "The Harbour Letter"


@pytest.mark.parametrize("slug", ["", "2026-11-20.yaml", "../newsletter", "/etc/passwd", "a\0b"])
def test_what_is_not_an_issue_has_no_page(desk: Desk, slug: str) -> None:
    assert desk.page(slug) is None


def test_a_save_is_built_once_however_many_pages_are_open(desk: Desk, issue: Path) -> None:
    first = desk.page(SLUG)
    assert desk.page(SLUG) is first
    issue.write_text(issue.read_text().replace("is back", "is here"))
    desk.changed()
    pages: list[Page | None] = []
    threads = [threading.Thread(target=lambda: pages.append(desk.page(SLUG))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(page) for page in pages}) == 1
    assert first is not None
    assert pages[0] is not None
    assert pages[0].digest != first.digest


def test_a_save_that_changes_nothing_changes_no_digest(desk: Desk, issue: Path) -> None:
    first = desk.page(SLUG)
    issue.write_text(issue.read_text())
    desk.changed()
    second = desk.page(SLUG)
    assert first is not None
    assert second is not None
    assert second.digest == first.digest


def test_a_broken_issue_keeps_its_last_letter_and_says_why(desk: Desk, issue: Path) -> None:
    good = view(desk).letter
    whole = issue.read_text()
    issue.write_text(whole.replace("preheader:", "preheadr:"))
    desk.changed()
    broken = view(desk)
    assert broken.letter == good
    assert broken.stale
    assert "error" in broken.verdict
    lines = {remark.before + remark.at + remark.after for remark in broken.remarks}
    assert any(line.startswith("preheadr:") for line in lines)
    issue.write_text(whole)
    desk.changed()
    assert not view(desk).broken


def test_a_broken_template_is_trouble_and_its_mending_is_seen(desk: Desk, folder: Path) -> None:
    view(desk)
    template = folder / "templates" / "default.mjml.j2"
    template.parent.mkdir()
    template.write_text("<mjml>{% endif %}</mjml>")
    desk.changed()
    broken = view(desk)
    assert broken.trouble is not None
    assert "default.mjml.j2" in broken.trouble.message
    assert broken.stale
    assert broken.verdict.startswith("The check could not run")
    template.unlink()
    desk.changed()
    assert not view(desk).broken


def test_broken_settings_are_trouble_and_new_ones_are_read(desk: Desk, folder: Path) -> None:
    view(desk)
    settings = folder / "newsletter.toml"
    whole = settings.read_text()
    settings.write_text('name = "unfinished')
    desk.changed()
    broken = view(desk)
    assert broken.trouble is not None
    assert "newsletter.toml" in broken.trouble.message
    assert broken.stale
    settings.write_text(whole.replace('name = "The Harbour Letter"', 'name = "The Pier Letter"'))
    desk.changed()
    page = desk.page(SLUG)
    assert page is not None
    assert page.newsletter == "The Pier Letter"
    assert not page.view.broken


def test_a_deleted_issue_keeps_its_letter_and_says_so(desk: Desk, issue: Path) -> None:
    view(desk)
    whole = issue.read_text()
    issue.unlink()
    desk.changed()
    gone = view(desk)
    assert gone.trouble is not None
    assert "no issue 2026-11-20" in gone.trouble.message
    assert gone.letter is not None
    issue.write_text(whole)
    desk.changed()
    assert not view(desk).broken


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff\xfe", b"[" * 5000, b"a: &a [*a]"])
def test_whatever_is_saved_the_desk_answers(desk: Desk, issue: Path, content: bytes) -> None:
    view(desk)
    issue.write_bytes(content)
    desk.changed()
    assert view(desk).broken
    assert view(desk).letter is not None


def test_the_outbox_is_the_one_in_the_settings(folder: Path) -> None:
    settings = folder / "newsletter.toml"
    assert Desk(Project.open(folder)).outbox.folder == folder / "outbox"
    settings.write_text(settings.read_text() + 'transport = "maildir:var/sent"\n')
    assert Desk(Project.open(folder)).outbox.folder == folder / "var" / "sent"
