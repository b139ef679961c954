"""Double-click, type, save: those bytes of the file and no others; and back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.proof import cases
from tests.unit.preview.page.desk_page import Desk

pytestmark = pytest.mark.browser

PARTS = [
    ("Night ferry returns", "Night ferry: it “returns” # soon"),
    ("The night ferry sails again.", "The night ferry sails."),
    ("The first paragraph of the ferry.", "The *first* words of the ferry."),
    ("Bring a chair.", "Bring two chairs."),
    ("Seals on the quay", "Seals"),
]


def passage(desk: Desk, words: str, kind: str = "letter", width: int | None = None) -> Any:
    return desk.letter(kind, width).get_by_text(words, exact=True).first


def write(desk: Desk, old: str, new: str) -> None:
    field = desk.page.get_by_label("Edit", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value(old)
    desk.page.keyboard.press("ControlOrMeta+a")
    desk.page.keyboard.insert_text(new)


def saved(desk: Desk) -> None:
    expect(desk.page.locator("#edit")).to_be_hidden()
    desk.settle()


@pytest.mark.proof
@pytest.mark.parametrize(("old", "new"), cases(PARTS[1:3], PARTS))
def test_a_passage_is_edited_where_it_stands(desk: Desk, old: str, new: str) -> None:
    before = desk.issue.read_bytes().decode()
    passage(desk, old).dblclick()
    write(desk, old, new)
    desk.page.keyboard.press("ControlOrMeta+Enter")
    saved(desk)
    shown = new.replace("*", "")
    expect(desk.letter("letter", 640).locator("body")).to_contain_text(shown)
    expect(desk.letter("letter", 375).locator("body")).to_contain_text(shown)
    after = desk.issue.read_bytes().decode()
    head, _, tail = before.partition(old)
    assert after.startswith(head.removesuffix("- ").rstrip(" "))
    assert after.endswith(tail)
    assert new.replace('"', '\\"') in after


@pytest.mark.proof
@pytest.mark.parametrize("row", cases(["subject"], ["subject", "preheader"]))
def test_subject_and_preheader_are_edited_in_the_inbox_row(desk: Desk, row: str) -> None:
    before = desk.text
    line = desk.page.locator(f".row-{row}")
    old = line.inner_text()
    line.dblclick()
    write(desk, old, "Quite another")
    desk.page.keyboard.press("Enter")
    expect(line).to_have_text("Quite another")
    assert desk.text == before.replace(old, "Quite another", 1)


@pytest.mark.proof("only")
def test_editing_works_in_the_other_pane_and_in_the_dark(fresh: Desk) -> None:
    fresh.open("?show=letter-640,dark-375")
    passage(fresh, "Night ferry returns", "dark").dblclick()
    write(fresh, "Night ferry returns", "Dark ferry returns")
    fresh.page.keyboard.press("Enter")
    saved(fresh)
    passage(fresh, "Dark ferry returns", "letter").wait_for()
    passage(fresh, "Dark ferry returns", "dark").wait_for()


@pytest.mark.proof("only")
def test_a_blank_line_begins_a_paragraph(desk: Desk) -> None:
    old = "The first paragraph of the ferry."
    passage(desk, old).dblclick()
    write(desk, old, "One.\n\nTwo.")
    desk.page.keyboard.press("Enter")  # a line break in a body, not the end
    expect(desk.page.locator("#edit")).to_be_visible()
    desk.page.keyboard.press("Backspace")
    desk.page.keyboard.press("ControlOrMeta+Enter")
    saved(desk)
    passage(desk, "One.").wait_for()
    passage(desk, "Two.").wait_for()
    assert "      One.\n\n      Two.\n\n      [The timetable]" in desk.text


def test_escape_leaves_the_file_and_its_time_untouched(desk: Desk) -> None:
    before = desk.issue.stat().st_mtime_ns, desk.text
    passage(desk, "Night ferry returns").dblclick()
    write(desk, "Night ferry returns", "Never mind")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#edit")).to_be_hidden()
    assert (desk.issue.stat().st_mtime_ns, desk.text) == before
    assert desk.focused() == "stage-1-letter"


def test_a_refused_edit_keeps_what_was_typed_and_says_why(desk: Desk) -> None:
    before = desk.text
    passage(desk, "Night ferry returns").dblclick()
    write(desk, "Night ferry returns", "")
    desk.page.keyboard.press("Enter")
    problem = desk.page.locator("#edit-problem")
    problem.wait_for()
    assert len(problem.inner_text().split()) > 3
    assert desk.text == before
    desk.page.keyboard.insert_text("Not empty any more")
    desk.page.keyboard.press("Enter")
    saved(desk)
    assert desk.text == before.replace("Night ferry returns", "Not empty any more")


def test_a_file_saved_meanwhile_is_said_and_nothing_is_lost(desk: Desk) -> None:
    passage(desk, "Night ferry returns").dblclick()
    write(desk, "Night ferry returns", "Typed on the page")
    desk.save("Seals on the quay", "Typed in another program")
    passage(desk, "Typed in another program").wait_for()
    field = desk.page.get_by_label("Edit", exact=True)
    expect(field).to_have_value("Typed on the page")
    field.press("Enter")
    problem = desk.page.locator("#edit-problem")
    problem.wait_for()
    assert "meanwhile" in problem.inner_text()
    expect(field).to_have_value("Typed on the page")
    assert "Typed on the page" not in desk.text
    desk.digest()
    field.press("Enter")
    saved(desk)
    assert "Typed on the page" in desk.text
    assert "Typed in another program" in desk.text


@pytest.mark.proof("only")
def test_the_same_passage_changed_meanwhile_is_never_written_over(desk: Desk) -> None:
    passage(desk, "Night ferry returns").dblclick()
    write(desk, "Night ferry returns", "Typed on the page")
    desk.save("Night ferry returns", "Typed elsewhere")
    passage(desk, "Typed elsewhere").wait_for()
    desk.digest()
    for _ in range(2):
        desk.page.locator("#edit-text").press("Enter")
        desk.page.locator("#edit-problem").wait_for()
    expect(desk.page.locator("#edit-text")).to_have_value("Typed on the page")
    assert "Typed elsewhere" in desk.text
    assert "Typed on the page" not in desk.text


def test_undo_and_redo_by_button_and_by_key(desk: Desk) -> None:
    before = desk.text
    passage(desk, "Night ferry returns").dblclick()
    write(desk, "Night ferry returns", "Night ferry gone")
    desk.page.keyboard.press("Enter")
    saved(desk)
    changed = desk.text
    desk.page.get_by_role("button", name="Undo").click()
    passage(desk, "Night ferry returns").wait_for()
    assert desk.text == before
    desk.page.keyboard.press("Shift+U")
    passage(desk, "Night ferry gone").wait_for()
    assert desk.text == changed
    desk.page.keyboard.press("u")
    passage(desk, "Night ferry returns").wait_for()
    assert desk.text == before


@pytest.mark.proof("only")
def test_undo_is_refused_in_words_when_the_file_was_saved_since(desk: Desk) -> None:
    passage(desk, "Night ferry returns").dblclick()
    write(desk, "Night ferry returns", "Night ferry gone")
    desk.page.keyboard.press("Enter")
    saved(desk)
    desk.save("Seals on the quay", "Seals everywhere")
    passage(desk, "Seals everywhere").wait_for()
    desk.page.keyboard.press("u")
    toast = desk.page.locator("#toast")
    toast.wait_for()
    assert "Taken back" not in toast.inner_text()
    assert "Seals everywhere" in desk.text


@pytest.mark.proof("only")
def test_a_passage_is_chosen_and_edited_with_the_keyboard_alone(desk: Desk) -> None:
    desk.page.keyboard.press("t")
    chosen = desk.letter().locator("[data-desk~='chosen']")
    expect(chosen).to_have_count(1)
    for _ in range(12):
        if "The first paragraph" in chosen.inner_text():
            break
        desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("e")
    write(desk, "The first paragraph of the ferry.", "Typed without a mouse.")
    desk.page.keyboard.press("ControlOrMeta+Enter")
    saved(desk)
    passage(desk, "Typed without a mouse.").wait_for()


@pytest.mark.proof("only")
@pytest.mark.parametrize("key", ["Enter", "e"])
def test_the_subject_is_edited_with_the_keyboard_alone(desk: Desk, key: str) -> None:
    desk.page.locator(".row-subject").focus()
    desk.page.keyboard.press(key)
    write(desk, "The night ferry is back", "Typed without a mouse")
    desk.page.keyboard.press("Enter")
    saved(desk)
    expect(desk.page.locator(".row-subject")).to_have_text("Typed without a mouse")
    expect(desk.page.locator(".row-subject")).to_be_focused()


@pytest.mark.proof("only")
def test_no_key_of_the_page_fires_while_somebody_types(desk: Desk) -> None:
    url = desk.page.url
    passage(desk, "Night ferry returns").dblclick()
    write(desk, "Night ferry returns", "")
    desk.page.keyboard.type("?1pruf[x+")
    assert desk.page.locator("#edit-text").input_value() == "?1pruf[x+"
    assert desk.page.locator("dialog[open]").count() == 0
    assert desk.page.url == url
