"""WCAG 2.2 AA by axe-core, in both colour schemes; nothing wider than its window; nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from tests.proof import cases
from tests.unit.preview.page.conftest import USUAL
from tests.unit.preview.page.desk_page import Desk
from tests.unit.preview.page.test_outbox_page import put

pytestmark = pytest.mark.browser

# The letters in the frames are judged by the rules of `newsletter check`; this is about our page.
OPTIONS = {
    "iframes": False,
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# The colours are all that the other scheme changes.
COLOURS = {**OPTIONS, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
SIZES = [(1400, 900), (1024, 768), (390, 844)]


def many(desk: Desk) -> None:
    """Forty findings and more."""
    lines = "".join(
        f"      Line {n} of of them, [click here](http://example.org/{n}), is is here !\n\n"
        for n in range(14)
    )
    desk.save("      - Bring a chair.\n", lines + "      - Bring a chair.\n")
    desk.open()
    assert desk.page.locator("#findings .remark").count() >= 40


def editing(desk: Desk) -> None:
    desk.open()
    desk.letter().get_by_text("Night ferry returns").first.dblclick()
    desk.page.locator("#edit").wait_for()


def broken(desk: Desk) -> None:
    desk.open()
    desk.save("preheader:", "preheadr:")
    desk.page.locator(".alarm").wait_for()
    desk.page.locator("#edit").wait_for(state="hidden")


def chosen(desk: Desk) -> None:
    desk.open()
    desk.letter().get_by_role("link", name="The timetable").click()
    desk.page.locator("#chip").wait_for()


def outbox(desk: Desk) -> None:
    put(desk.folder, "First proof")
    desk.page.goto(f"{desk.running.base}/outbox?part=headers")
    desk.page.get_by_role("heading", name="First proof").wait_for()


def pressed(key: str) -> Callable[[Desk], None]:
    def press(desk: Desk) -> None:
        desk.open("?show=text")
        desk.page.keyboard.press(key)
        desk.page.locator("dialog[open]").wait_for()

    return press


def opened(query: str) -> Callable[[Desk], None]:
    return lambda desk: desk.open(query)


def at(path: str) -> Callable[[Desk], None]:
    def go(desk: Desk) -> None:
        desk.page.goto(f"{desk.running.base}{path}")
        desk.page.locator("#main").wait_for()

    return go


STATES: dict[str, Callable[[Desk], None]] = {
    "letter": opened(""),
    "40 findings": many,
    "dark": opened("?show=dark-375,outlook-dark-375,gmail-dark-375"),
    "bare": opened("?show=no-images-640,no-styles-375"),
    "text and inbox": opened("?show=text,inbox"),
    "source": opened("?show=html,message"),
    "web": opened("?show=web-1000"),
    "only the letter": opened("?show=letter-640&side=none"),
    "editing": editing,
    "chosen": chosen,
    "broken": broken,
    "reader dialog": pressed("r"),
    "proof dialog": pressed("p"),
    "keys": pressed("?"),
    "outbox": outbox,
    "empty outbox": at("/outbox"),
    "sorry": at("/issue/1999-01-01"),
}


@pytest.fixture(scope="module")
def usual(browser: Browser) -> Iterator[BrowserContext]:
    """Windows whose policies let axe in."""
    context = browser.new_context(**USUAL, bypass_csp=True)
    context.set_default_timeout(20_000)
    yield context
    context.close()


# The others are made of the same parts.
SHORT = ("40 findings", "editing", "broken")


@pytest.mark.proof
@pytest.mark.parametrize("state", cases(SHORT, STATES))
def test_axe_finds_nothing_and_nothing_is_wider_than_its_window(fresh: Desk, state: str) -> None:
    desk = fresh
    STATES[state](desk)
    for scheme, options in (("light", OPTIONS), ("dark", COLOURS)):
        desk.page.emulate_media(color_scheme=scheme)
        found = Axe().run(desk.page, options=options).response["violations"]
        said = [
            f"{scheme}: {one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for one in found
            for node in one["nodes"][:3]
        ]
        assert said == []
    for width, height in SIZES:
        desk.page.set_viewport_size({"width": width, "height": height})
        desk.until(f"innerWidth === {width}")
        desk.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, (width, height)
        outside = desk.page.evaluate(
            """[...document.querySelectorAll(
                 "header.bar button, header.bar select, .caption a, .caption select, #verdict,"
                 + " .facts div, #folds a, dialog[open] button, dialog[open] input, #edit button"
               )]
               .filter((e) => e.checkVisibility() && e.getClientRects().length)
               .filter((e) => { const b = e.getBoundingClientRect();
                 return b.left < 0 || b.right > innerWidth + 1; })
               .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert outside == [], (width, height)


def test_every_view_stays_in_sight(fresh: Desk) -> None:
    fresh.open("?show=text")
    tabs = fresh.page.locator(".tabs")
    for width in (1920, 1501, 1425, 1371, 1320, 1280, 1024):
        fresh.page.set_viewport_size({"width": width, "height": 800})
        fresh.until(f"innerWidth === {width}")
        assert tabs.evaluate("tabs => tabs.scrollWidth <= tabs.clientWidth"), width
        expect(tabs.get_by_role("link", name="Web")).to_be_in_viewport(ratio=1)


def test_on_a_phone_everything_can_be_scrolled_to(fresh: Desk) -> None:
    fresh.save("Bring a name.", "Bring the the name.")
    fresh.page.set_viewport_size({"width": 390, "height": 844})
    fresh.open()
    last = "#findings .remark:last-child .what"
    for wanted in ("#proof", "#view-9", "#pane-2-letter .caption", last):
        element = fresh.page.locator(wanted).first
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        assert 0 <= box["y"] < 844, wanted
        assert box["x"] < 390, wanted


SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push([
    entry.value, entry.sources.map((s) => s.node?.id || s.node?.className || s.node?.nodeName)]);
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.proof
@pytest.mark.parametrize("query", cases([""], ["", "?show=dark-375,text"]))
def test_nothing_moves_while_the_page_loads_or_a_save_comes_in(fresh: Desk, query: str) -> None:
    fresh.page.add_init_script(SHIFTS)
    fresh.open(query)
    assert moved(fresh) == []
    fresh.save("Night ferry returns", "Night ferry sails")
    fresh.digest()
    fresh.settle()
    assert moved(fresh) == []


def moved(desk: Desk) -> list[Any]:
    """The shifts so far that somebody would see; a hundredth of the window is not."""
    desk.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    return [shift for shift in desk.page.evaluate("window.shifts") if shift[0] >= 0.01]
