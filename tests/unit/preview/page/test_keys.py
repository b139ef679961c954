"""Everything can be done from the keyboard, and one sees where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.proof import cases
from tests.unit.preview.page.desk_page import Desk

pytestmark = pytest.mark.browser

# What can be pressed or typed into on our own page, but for what only hovering shows.
CONTROLS = """[...document.querySelectorAll("a[href], button, select, input, textarea")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled
    && !e.closest(".moves"))
  .map((e, i) => (e.dataset.control ??= String(i)))"""
HERE = """(() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const shown = ring || here.localName === "iframe" || here === document.body
    || style.boxShadow !== "none";
  return [here.dataset.control ?? "", shown, here.outerHTML.slice(0, 90), box.width > 0];
})()"""


def test_tab_reaches_every_control_and_the_focus_is_seen(fresh: Desk) -> None:
    fresh.save("Bring a name.", "Bring the the name.")
    fresh.open("?show=text,inbox")
    wanted = set(fresh.page.evaluate(CONTROLS))
    reached, unseen = set(), []
    for _ in range(len(wanted) + 40):
        fresh.page.keyboard.press("Tab")
        control, shown, what, _ = fresh.page.evaluate(HERE)
        if control:
            reached.add(control)
        if not shown:
            unseen.append(what)
        if reached >= wanted:
            break
    assert wanted - reached == set()
    assert unseen == []


@pytest.mark.proof("only")
def test_the_skip_link_leads_past_the_bar(desk: Desk) -> None:
    desk.page.keyboard.press("Tab")
    skip = desk.page.get_by_role("link", name="Skip to the letter")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["x"] >= 0
    desk.page.keyboard.press("Enter")
    assert desk.focused() == "main"
    desk.page.keyboard.press("Tab")
    assert desk.focused() == "kind-1"


def test_the_sheet_of_keys_opens_closes_and_gives_the_focus_back(desk: Desk) -> None:
    sheet = desk.page.get_by_role("dialog", name="Keys")
    desk.page.keyboard.press("?")
    sheet.wait_for()
    for words in ("Undo, redo", "Next or previous finding", "Send a proof"):
        expect(sheet).to_contain_text(words)
    desk.page.keyboard.press("3")  # no key but those of the dialog
    desk.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert desk.panes() == ["letter-640", "letter-375"]
    button = desk.page.locator("#keys")
    button.focus()
    button.press("Enter")
    sheet.get_by_role("button", name="Close").click()
    expect(button).to_be_focused()
    button.click()
    sheet.wait_for()
    desk.page.mouse.click(5, 5)  # beside it
    expect(sheet).to_be_hidden()


@pytest.mark.proof("only")
def test_the_focus_stays_inside_an_open_dialog(desk: Desk) -> None:
    desk.page.keyboard.press("r")
    dialog = desk.page.get_by_role("dialog", name="As this reader")
    dialog.wait_for()
    for _ in range(12):
        desk.page.keyboard.press("Tab")
        outside = desk.page.evaluate(
            "document.activeElement !== document.body && !document.activeElement.closest('dialog')"
        )
        assert not outside


@pytest.mark.proof
@pytest.mark.parametrize("field", cases(["#proof-to"], ["#reader-search", "#proof-to"]))
def test_no_key_fires_while_somebody_types(desk: Desk, field: str) -> None:
    url = desk.page.url
    desk.page.locator("#as-reader" if "reader" in field else "#proof").click()
    expect(desk.page.locator(field)).to_be_focused()
    desk.page.keyboard.type("?3puio[+")
    expect(desk.page.locator(field)).to_have_value("?3puio[+")
    assert desk.page.url == url
    assert desk.page.locator("dialog[open]").count() == 1


@pytest.mark.proof("only")
def test_keys_work_inside_the_letter_too(desk: Desk) -> None:
    desk.letter().get_by_text("Seals on the quay").click()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#chip")).to_be_hidden()
    desk.page.keyboard.press("?")
    desk.page.get_by_role("dialog", name="Keys").wait_for()


@pytest.mark.proof("only")
def test_keys_with_ctrl_are_left_to_the_browser(desk: Desk) -> None:
    url = desk.page.url
    for key in ("Control+1", "Control+f", "Alt+p", "Meta+r"):
        desk.page.locator("body").dispatch_event(
            "keydown",
            {
                "key": key[-1],
                "ctrlKey": "Control" in key,
                "altKey": "Alt" in key,
                "metaKey": "Meta" in key,
                "bubbles": True,
            },
        )
    assert desk.page.url == url
    assert desk.page.locator("dialog[open]").count() == 0


@pytest.mark.proof("only")
def test_parts_and_findings_are_hidden_and_shown(desk: Desk) -> None:
    desk.page.keyboard.press("l")
    desk.page.wait_for_url("**side=findings*")
    expect(desk.page.locator("#outline")).to_be_hidden()
    desk.page.keyboard.press("f")
    desk.page.wait_for_url("**side=none*")
    expect(desk.page.locator("#findings")).to_be_hidden()
    desk.page.keyboard.press("l")
    desk.page.wait_for_url("**side=outline*")
    expect(desk.page.locator("#outline")).to_be_visible()
