"""Every way a reader can meet the letter, side by side at will, kept in the address."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from newsletter.preview.shown import PRESETS
from tests.proof import cases
from tests.unit.preview.page.desk_page import Desk

pytestmark = pytest.mark.browser

PANES = [
    ["letter-640", "letter-375"],
    ["letter-640"],
    ["letter-320", "letter-375", "letter-414"],
    ["dark-375", "outlook-dark-375", "gmail-dark-375"],
    ["no-images-640", "no-styles-375"],
    ["text"],
    ["inbox"],
    ["html", "message"],
    ["web-1000"],
]
PHONES = PANES[2]


def wide(desk: Desk, kind: str, width: int) -> None:
    """A frame is as wide as it says, and so is the screen that the letter is laid out for."""
    frame = desk.letter(kind, width).locator("body")
    expect(frame).to_be_attached()
    assert frame.evaluate("body => body.ownerDocument.defaultView.innerWidth") == width


def style(desk: Desk, kind: str, selector: str, name: str) -> str:
    element = desk.letter(kind).locator(selector).first
    found: str = element.evaluate(f"e => getComputedStyle(e).{name}")
    return found


def lightness(colour: str) -> float:
    red, green, blue = (int(part) for part in colour.split("(")[1].rstrip(")").split(",")[:3])
    return (red + green + blue) / 765


@pytest.mark.proof
def test_each_preset_shows_what_it_says_by_key_and_by_mouse(desk: Desk) -> None:
    labels = [label for label, _, _, _ in PRESETS]
    assert len(labels) == len(PANES)
    for number in cases([9, 4, 2], range(9, 0, -1)):
        panes = PANES[number - 1]
        label = labels[number - 1]
        if number % 2:
            desk.page.keyboard.press(str(number))
        else:
            desk.page.get_by_role("link", name=label, exact=True).click()
        chosen = desk.page.locator(".tabs a[aria-current='page']")
        expect(chosen).to_have_text(label)
        desk.shows(*panes)
        for pane in panes:
            kind, _, width = pane.rpartition("-")
            if kind:
                wide(desk, kind, int(width))


@pytest.mark.proof("only")
def test_the_choice_survives_reload_and_the_back_button(desk: Desk) -> None:
    desk.page.keyboard.press("3")
    desk.shows(*PHONES)
    desk.page.reload()
    desk.shows(*PHONES)
    desk.page.keyboard.press("6")
    desk.shows("text")
    desk.page.go_back()
    desk.shows(*PHONES)


def test_panes_are_added_changed_and_closed(desk: Desk) -> None:
    desk.page.keyboard.press("+")
    desk.shows("letter-640", "letter-375", "letter-320")
    third = desk.page.locator("#pane-3-letter")
    third.get_by_label("What this pane shows").select_option("dark")
    desk.shows("letter-640", "letter-375", "dark-320")
    desk.page.get_by_role("link", name="Close Pane 1: As sent").click()
    desk.shows("letter-375", "dark-320")
    assert "show=letter-375,dark-320" in desk.page.url
    desk.page.locator("#pane-2-dark .kind").select_option("text")
    desk.shows("letter-375", "text")
    desk.page.get_by_role("link", name="Close Pane 1: As sent").click()
    desk.shows("text")
    assert desk.page.locator(".pane .close").count() == 0


@pytest.mark.proof("only")
def test_a_width_is_chosen_and_kept(fresh: Desk) -> None:
    fresh.open("?show=letter-640")
    width = 414
    fresh.pane().get_by_label("Width of its screen in pixels").select_option(str(width))
    wide(fresh, "letter", width)
    assert f"show=letter-{width}" in fresh.page.url
    fresh.page.reload()
    wide(fresh, "letter", width)


def test_the_edge_is_dragged_with_the_mouse(fresh: Desk) -> None:
    fresh.open("?show=letter-500")
    handle = fresh.pane().locator(".drag")
    box = handle.bounding_box()
    sheet = fresh.pane().locator(".sheet").bounding_box()
    fresh.page.mouse.move(box["x"] + 6, box["y"] + 200)
    fresh.page.mouse.down()
    fresh.page.mouse.move(box["x"] - 20, box["y"] + 200, steps=3)
    fresh.page.mouse.move(box["x"] - 44, box["y"] + 200, steps=3)
    fresh.page.mouse.up()
    wide(fresh, "letter", 400)
    assert "show=letter-400" in fresh.page.url
    after = fresh.pane().locator(".sheet").bounding_box()
    assert after["x"] + after["width"] == pytest.approx(sheet["x"] + sheet["width"] - 50, abs=2)
    fresh.page.reload()
    wide(fresh, "letter", 400)


@pytest.mark.proof("only")
def test_the_edge_is_moved_with_the_keyboard(fresh: Desk) -> None:
    fresh.open("?show=letter-640")
    handle = fresh.pane().get_by_role("slider")
    handle.focus()
    for key in ("ArrowLeft", "ArrowLeft", "PageDown", "ArrowRight"):
        handle.press(key)
    wide(fresh, "letter", 530)
    assert handle.get_attribute("aria-valuenow") == "530"
    assert "show=letter-530" in fresh.page.url
    for _ in range(4):
        handle.press("PageDown")
    wide(fresh, "letter", 240)
    fresh.page.reload()
    wide(fresh, "letter", 240)


def test_as_sent_is_light_and_the_three_dark_views_are_dark_on_any_machine(
    fresh: Desk, window: Any
) -> None:
    for scheme in ("light", "dark"):
        fresh.page = window(color_scheme=scheme)
        fresh.open("?show=letter-375,dark-375,outlook-dark-375,gmail-dark-375")
        assert lightness(style(fresh, "letter", "h1, h2", "color")) < 0.4
        for kind in ("dark", "outlook-dark", "gmail-dark"):
            assert lightness(style(fresh, kind, "h1, h2", "color")) > 0.6, kind
        grounds = [
            fresh.letter(kind)
            .locator("h2")
            .first.evaluate(
                """element => {
                  for (let e = element; e; e = e.parentElement) {
                    const ground = getComputedStyle(e).backgroundColor;
                    if (!ground.endsWith(", 0)")) return ground;
                  }
                  return "rgb(18, 18, 18)";  // the frame's own
                }"""
            )
            for kind in ("dark", "outlook-dark", "gmail-dark")
        ]
        assert all(lightness(ground) < 0.3 for ground in grounds), grounds


@pytest.mark.proof("only")
def test_a_letter_without_dark_rules_says_so(fresh: Desk) -> None:
    (fresh.folder / "templates").mkdir()
    (fresh.folder / "templates" / "default.mjml.j2").write_text(
        "<mjml><mj-body><mj-section><mj-column><mj-text><h2>Plain</h2></mj-text></mj-column>"
        "</mj-section></mj-body></mjml>"
    )
    fresh.page.goto(fresh.address("?show=dark-375"))
    fresh.letter("dark").get_by_role("heading", name="Plain").wait_for()
    fresh.page.reload()
    expect(fresh.page.locator(".stage .notice")).to_contain_text("no rules of its own")


def test_without_pictures_the_words_for_them_are_shown_and_none_is_fetched(fresh: Desk) -> None:
    fetched: list[str] = []
    fresh.page.on("requestfinished", lambda request: fetched.append(request.url))
    fresh.open("?show=no-images-640")
    picture = fresh.letter("no-images").get_by_alt_text("A ferry at night")
    assert picture.evaluate("image => image.naturalWidth") == 0
    assert picture.bounding_box()["height"] > 10
    assert not [url for url in fetched if "/picture/" in url]
    fresh.open("?show=letter-640")
    fresh.until("document.querySelector('iframe').contentDocument.images[0].naturalWidth > 0")


@pytest.mark.proof("only")
def test_stripped_styles_are_gone_and_those_on_elements_stay(fresh: Desk) -> None:
    fresh.open("?show=no-styles-375,letter-375")
    sheets = "e => [...e.ownerDocument.styleSheets].map((one) => one.cssRules.length)"
    assert sum(fresh.letter("letter").locator("body").evaluate(sheets)) > 0
    assert sum(fresh.letter("no-styles").locator("body").evaluate(sheets)) == 0
    assert fresh.letter("no-styles").locator("[style]").count() > 0


def test_the_text_part_is_shown_as_sent_in_a_monospaced_font(fresh: Desk) -> None:
    fresh.open("?show=text")
    paper = fresh.page.locator("pre.paper")
    assert "Hello Alex Example, this is the letter." in paper.inner_text()
    assert "mono" in paper.evaluate("e => getComputedStyle(e).fontFamily").lower()


@pytest.mark.proof("only")
def test_inbox_rows_stand_as_each_program_cuts_them(fresh: Desk) -> None:
    fresh.save("A new timetable, and", "A new timetable " + "and a much longer word " * 8 + "and")
    fresh.open("?show=inbox")
    rows = fresh.page.locator(".inbox-row")
    captions = " ".join(rows.locator("figcaption").all_inner_texts())
    for client in ("Gmail", "Apple Mail", "Outlook"):
        assert client in captions
    cut = rows.locator(".preheader").all_inner_texts()
    assert len({len(text) for text in cut}) > 1
    assert all(text.endswith("…") for text in cut)


def test_the_source_and_the_message_with_its_parts_are_shown(fresh: Desk) -> None:
    fresh.open("?show=html,message")
    source = fresh.pane("html").locator(".row").first
    assert source.inner_text().lower().startswith("<!doctype html")
    message = fresh.pane("message")
    kinds = message.locator(".mime b").all_inner_texts()
    wanted = ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    assert kinds == wanted
    names = message.locator(".headers dt").all_inner_texts()
    assert {"From", "Subject", "List-Unsubscribe"} <= set(names)
    expect(message.locator(".row", has_text="Subject: The night ferry is back")).to_have_count(1)


def test_the_web_version_is_shown_and_follows_saves(fresh: Desk) -> None:
    fresh.open("?show=web-1000,web-375")
    wide(fresh, "web", 1000)
    web = fresh.letter("web", 375)
    web.get_by_role("heading", name="Night ferry returns").wait_for()
    expect(web.locator("body")).to_contain_text("Hello neighbour")
    fresh.until(
        "[...document.querySelectorAll('iframe')].every((f) =>"
        " f.contentDocument.images[0]?.naturalWidth > 0)"
    )
    fresh.save("Night ferry returns", "Night ferry sails")
    web.get_by_role("heading", name="Night ferry sails").wait_for()


def test_a_link_in_the_letter_never_replaces_it(desk: Desk) -> None:
    link = desk.letter().get_by_role("link", name="The timetable")
    link.click()
    follow = desk.page.locator("#chip-link")
    expect(follow).to_have_attribute("href", "https://example.org/timetable")
    with desk.page.context.expect_page() as opened:
        link.click(modifiers=["ControlOrMeta"])
    assert opened.value is not desk.page
    with desk.page.context.expect_page() as opened:
        follow.click()
    assert opened.value is not desk.page
    expect(desk.letter().get_by_role("heading", name="Night ferry returns")).to_be_visible()


@pytest.mark.proof("only")
def test_a_link_inside_the_letter_goes_to_its_story(desk: Desk) -> None:
    stage = "document.getElementById('stage-2-letter').scrollTop"
    assert desk.page.evaluate(stage) == 0
    desk.letter("letter", 375).get_by_role("link", name="The market hall needs").click()
    desk.until(f"{stage} > 200")
    assert len(desk.page.context.pages) == 1
