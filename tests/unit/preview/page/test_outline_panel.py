"""The parts of the letter: a click goes there, dragging puts them into another order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.unit.preview.page.desk_page import Desk

pytestmark = pytest.mark.browser

TOP = "document.getElementById('stage-1-letter').scrollTop"
# What a screen reader is told, one after the other.
HEAR = """window.heard = []; new MutationObserver(() => window.heard.push(
  document.getElementById("said").textContent)).observe(
  document.getElementById("said"), { childList: true });"""
PARTS = ["Summary", "Night ferry returns", "The market hall", "Seals on the quay"]


def order(desk: Desk) -> list[str]:
    found: list[str] = desk.page.locator(".stop .go").all_inner_texts()
    return found


def becomes(desk: Desk, *parts: str) -> None:
    expect(desk.page.locator(".stop .go")).to_have_text(list(parts))
    assert re.findall(r'headline: "?([\w ]+)', desk.text) == list(parts[1:])


def test_a_click_goes_to_the_part_in_every_frame(desk: Desk) -> None:
    assert order(desk) == PARTS
    desk.page.get_by_role("button", name="The market hall", exact=True).click()
    desk.until(f"{TOP} > 100")
    for width in (640, 375):
        heading = desk.letter("letter", width).get_by_role("heading", name="The market hall")
        desk.until("true")
        stage = desk.pane("letter", width).locator(".stage").bounding_box()
        box = heading.bounding_box()
        assert stage["y"] <= box["y"] < stage["y"] + stage["height"] / 2


def test_a_section_is_dragged_to_another_place_with_the_mouse(desk: Desk) -> None:
    before = desk.text
    stops = desk.page.locator(".stop")
    stops.nth(3).drag_to(stops.nth(1), target_position={"x": 40, "y": 4})
    becomes(desk, "Summary", "Seals on the quay", "Night ferry returns", "The market hall")
    assert sorted(desk.text.split("\n")) == sorted(before.split("\n"))
    assert '"The market hall"  # in quotes' in desk.text
    desk.settle()
    stops.nth(1).drag_to(stops.nth(3), target_position={"x": 40, "y": 26})
    becomes(desk, *PARTS)


@pytest.mark.proof("only")
def test_a_section_is_moved_with_the_keyboard_and_the_focus_goes_along(desk: Desk) -> None:
    desk.page.evaluate(HEAR)
    first = desk.page.locator(".stop .go").nth(1)
    first.focus()
    first.press("Alt+ArrowDown")
    becomes(desk, "Summary", "The market hall", "Night ferry returns", "Seals on the quay")
    desk.settle()
    desk.until("document.activeElement.textContent === 'Night ferry returns'")
    assert any("number 2 of 3" in words for words in desk.page.evaluate("window.heard"))
    desk.page.keyboard.press("Alt+ArrowDown")
    becomes(desk, "Summary", "The market hall", "Seals on the quay", "Night ferry returns")
    desk.settle()
    desk.page.keyboard.press("u")
    becomes(desk, "Summary", "The market hall", "Night ferry returns", "Seals on the quay")


@pytest.mark.proof("only")
def test_a_section_is_moved_with_its_buttons(desk: Desk) -> None:
    desk.page.locator(".stop").nth(2).hover()
    desk.page.get_by_role("button", name="Move The market hall up").click()
    becomes(desk, "Summary", "The market hall", "Night ferry returns", "Seals on the quay")
    last = desk.page.locator("button[aria-label='Move Seals on the quay down']")
    expect(last).to_be_disabled()


@pytest.mark.proof("only")
def test_the_summary_and_what_is_no_section_stay_where_they_are(desk: Desk) -> None:
    before = desk.text
    stops = desk.page.locator(".stop")
    stops.nth(0).drag_to(stops.nth(2))
    stops.nth(0).locator(".go").press("Alt+ArrowDown")
    assert desk.text == before
    assert order(desk) == PARTS


@pytest.mark.proof("only")
def test_arrow_keys_walk_the_parts(desk: Desk) -> None:
    desk.page.locator("#stop-1").focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    assert desk.focused() == "stop-3"
    desk.page.keyboard.press("Enter")
    desk.until(f"{TOP} > 100")
