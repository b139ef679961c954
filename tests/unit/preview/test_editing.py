"""Whoever edits in the page overwrites nobody, and can take everything back."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.errors import ManuscriptError, NewsletterError, NotFoundError, SavedMeanwhileError
from newsletter.issue.load import load
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.stretch import stretch
from newsletter.lint.engine import Diagnosis
from newsletter.preview.editing import REMEMBERED, Editing
from newsletter.project import Project
from newsletter.render.place import Place

SUBJECT = Place(("subject",))
BODY = Place(("sections", 1, "body"), 0)


@pytest.fixture
def editing(folder: Path) -> Editing:
    return Editing(folder)


def shown(path: Path, place: Place) -> str:
    manuscript = load(path)
    assert isinstance(manuscript, Manuscript)
    found = stretch(manuscript, *place)
    assert found is not None
    return found.text


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def retype(editing: Editing, path: Path, new: str) -> str:
    return editing.change(path, digest(path), SUBJECT, shown(path, SUBJECT), new)


def test_a_line_is_changed_and_the_digest_is_that_of_the_new_bytes(
    editing: Editing, issue: Path
) -> None:
    before = issue.read_bytes()
    after = retype(editing, issue, "The night ferry: it is back")
    data = issue.read_bytes()
    assert data == before.replace(
        b"subject: The night ferry is back", b'subject: "The night ferry: it is back"'
    )
    assert after == hashlib.sha256(data).hexdigest() == digest(issue)


def test_a_paragraph_is_changed_in_a_file_with_mark_and_windows_line_ends(
    editing: Editing, issue: Path
) -> None:
    before = b"\xef\xbb\xbf" + issue.read_bytes().replace(b"\n", b"\r\n")
    issue.write_bytes(before)
    old = shown(issue, BODY)
    assert old.startswith("The night ferry sails")
    editing.change(issue, digest(issue), BODY, old, "One.\nTwo.\n\nThree.")
    head, story, market = before.rpartition(b"headline: The market hall")
    assert issue.read_bytes() == head + story + market.replace(
        old.encode(), b"One.\r\n      Two.\r\n\r\n      Three.", 1
    )


def test_what_somebody_saved_meanwhile_stays(editing: Editing, issue: Path) -> None:
    seen = digest(issue)
    issue.write_text(issue.read_text() + "# a note of a colleague\n")
    theirs = issue.read_bytes()
    attempts: list[Callable[[], str]] = [
        lambda: editing.change(issue, seen, SUBJECT, "The night ferry is back", "New"),
        lambda: editing.move(issue, seen, 0, 1),
        lambda: editing.fix(issue, seen, 1, 1, "quotes", lambda _: ()),
    ]
    for attempt in attempts:
        with pytest.raises(SavedMeanwhileError, match="saved meanwhile in another program"):
            attempt()
    assert issue.read_bytes() == theirs


def test_another_text_than_the_one_shown_is_not_replaced(editing: Editing, issue: Path) -> None:
    with pytest.raises(NewsletterError, match="not there as it was shown"):
        editing.change(issue, digest(issue), SUBJECT, "Another subject", "New")
    with pytest.raises(NewsletterError, match="not there as it was shown"):
        editing.change(issue, digest(issue), Place(("date",)), "2026-11-20", "New")


def test_a_section_moves_and_the_summary_still_leads_to_its_stories(
    editing: Editing, issue: Path
) -> None:
    project = Project.open(issue.parent.parent)
    editing.move(issue, digest(issue), 1, 0)
    moved = project.manuscript(issue).issue
    assert [section.model_dump()["id"] for section in moved.sections] == ["market", "ferry"]
    assert [bullet.story for bullet in moved.summary] == ["ferry", "market"]


def test_one_finding_is_mended_and_no_other(editing: Editing, issue: Path) -> None:
    body = "[One](https://example.org/?utm_source=x) and [two](https://example.org/b?fbclid=y)."
    text = issue.read_text().replace("[The timetable](https://example.org/timetable)", body)
    issue.write_text(text)
    project = Project.open(issue.parent.parent)
    found = [f for f in project.check(issue) if f.rule == "tracking-parameters"]
    assert len(found) == 2

    def examine(manuscript: Manuscript) -> Iterator[Diagnosis]:
        return project.examine(manuscript, project.render(manuscript))

    place = found[1].line, found[1].column
    editing.fix(issue, digest(issue), *place, found[1].rule, examine)
    assert issue.read_text() == text.replace("?fbclid=y", "")
    with pytest.raises(NewsletterError, match="cannot be mended"):
        editing.fix(issue, digest(issue), 1, 1, found[1].rule, examine)


def test_changes_are_taken_back_and_made_again_in_their_order(
    editing: Editing, issue: Path
) -> None:
    first = issue.read_bytes()
    retype(editing, issue, "Two")
    second = issue.read_bytes()
    editing.move(issue, digest(issue), 0, 1)
    third = issue.read_bytes()
    assert editing.undo(issue) == hashlib.sha256(second).hexdigest()
    assert issue.read_bytes() == second
    editing.undo(issue)
    assert issue.read_bytes() == first
    with pytest.raises(NewsletterError, match="no change to take back"):
        editing.undo(issue)
    editing.redo(issue)
    editing.redo(issue)
    assert issue.read_bytes() == third
    editing.undo(issue)
    retype(editing, issue, "Three")
    with pytest.raises(NewsletterError, match="no change to make again"):
        editing.redo(issue)


def test_nothing_is_taken_back_over_what_was_saved_since(editing: Editing, issue: Path) -> None:
    retype(editing, issue, "Two")
    issue.write_text(issue.read_text() + "# a note\n")
    theirs = issue.read_bytes()
    with pytest.raises(SavedMeanwhileError):
        editing.undo(issue)
    assert issue.read_bytes() == theirs
    issue.write_bytes(theirs.removesuffix(b"# a note\n"))
    editing.undo(issue)
    assert b"subject: The night ferry is back" in issue.read_bytes()


def test_each_issue_has_its_own_history_and_the_oldest_changes_are_forgotten(
    editing: Editing, issue: Path
) -> None:
    other = issue.with_name("2026-11-13.yaml")
    before = other.read_bytes()
    retype(editing, issue, "Mine")
    retype(editing, other, "Theirs")
    editing.undo(issue)
    assert b"Theirs" in other.read_bytes()
    editing.undo(other)
    assert other.read_bytes() == before
    for number in range(REMEMBERED + 1):
        retype(editing, issue, f"Number {number}")
    for _ in range(REMEMBERED):
        editing.undo(issue)
    assert b"subject: Number 0\n" in issue.read_bytes()
    with pytest.raises(NewsletterError, match="no change"):
        editing.undo(issue)


def test_a_link_stays_a_link_and_permissions_stay(editing: Editing, issue: Path) -> None:
    issue.chmod(0o640)
    link = issue.with_name("latest.yaml")
    link.symlink_to(issue.name)
    retype(editing, link, "Through a link")
    assert link.is_symlink()
    assert b"Through a link" in issue.read_bytes()
    assert issue.stat().st_mode & 0o777 == 0o640
    assert not [name for name in os.listdir(issue.parent) if name.startswith(".")]  # noqa: PTH208
    editing.undo(issue)
    assert b"Through a link" not in issue.read_bytes()


def test_a_read_only_file_is_not_replaced(editing: Editing, issue: Path) -> None:
    issue.chmod(0o444)
    before = issue.read_bytes()
    with pytest.raises(NewsletterError, match="read-only"):
        retype(editing, issue, "New")
    assert issue.read_bytes() == before


@pytest.mark.parametrize(
    "name",
    [
        "../newsletter.toml",
        "../outside.yaml",
        "pictures/inside.yaml",
        "pictures/ferry.png",
        "pictures",
        "link.yaml",
        ".hidden.yaml",
        "gone.yaml",
        "notes.txt",
        "a\0b.yaml",
        "/etc/passwd",
        "loop.yaml",
    ],
)
def test_only_issues_of_the_project_are_read_or_written(
    editing: Editing, issue: Path, name: str
) -> None:
    whole = issue.read_bytes()
    outside = issue.parent.parent / "outside.yaml"
    for path in (
        outside,
        issue.with_name(".hidden.yaml"),
        issue.with_name("notes.txt"),
        issue.parent / "pictures" / "inside.yaml",
    ):
        path.write_bytes(whole)
    issue.with_name("link.yaml").symlink_to(outside)
    issue.with_name("loop.yaml").symlink_to("loop.yaml")
    path = issue.parent / name
    seen = hashlib.sha256(whole).hexdigest()
    attempts: list[Callable[[], str]] = [
        lambda: editing.change(path, seen, SUBJECT, "The night ferry is back", "New"),
        lambda: editing.move(path, seen, 0, 1),
        lambda: editing.undo(path),
        lambda: editing.redo(path),
    ]
    for attempt in attempts:
        with pytest.raises(NotFoundError):
            attempt()
    assert outside.read_bytes() == whole


def test_a_broken_file_is_refused_but_for_a_line_that_it_lacks(
    editing: Editing, issue: Path
) -> None:
    whole = issue.read_text()
    line = "preheader: A new timetable, and a market hall without a name\n"
    issue.write_text(whole.replace(line, ""))
    place = Place(("preheader",))
    with pytest.raises(ManuscriptError, match="not a valid issue"):
        editing.change(issue, digest(issue), SUBJECT, "The night ferry is back", "New")
    editing.change(issue, digest(issue), place, "", line.partition(": ")[2].strip())
    assert issue.read_text() == whole
    for broken in (b"", b"\xff\xfe", b"subject: \xe4", b"[" * 50, b"a: &a [*a]", b"date: soon"):
        issue.write_bytes(broken)
        with pytest.raises(NewsletterError):
            editing.change(issue, digest(issue), place, "", "A line")
        assert issue.read_bytes() == broken


def test_of_many_changes_at_once_one_is_made_and_the_others_are_told(
    editing: Editing, issue: Path
) -> None:
    seen = digest(issue)
    made: list[str] = []
    refused: list[str] = []

    def attempt(number: int) -> None:
        try:
            editing.change(issue, seen, SUBJECT, "The night ferry is back", f"Number {number}")
            made.append(f"Number {number}")
        except SavedMeanwhileError as error:
            refused.append(error.message)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused)) == (1, 7)
    assert f"subject: {made[0]}\n" in issue.read_text()
