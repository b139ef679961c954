"""The letter in a real browser: contrast by day and by night, phones, pictures off."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from newsletter.render.edition import Edition
from tests.browser import chromium

MakeEdition = Callable[..., Edition]

pytestmark = pytest.mark.browser

# Every piece of text that shows, with its colour, size and the nearest background below it.
LOW_CONTRAST = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const f = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
    let below = element, ground = [0, 0, 0, 0];
    while (below && (ground.length === 4 && ground[3] === 0)) {
      ground = parse(getComputedStyle(below).backgroundColor);
      below = below.parentElement;
    }
    const style = getComputedStyle(element);
    const [a, b] = [light(parse(style.color)), light(ground)].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) found.push([contrast.toFixed(2), walker.currentNode.data.trim()]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []

    def open_page(html: str, *, width: int = 640, scheme: Any = "light") -> Page:
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        pages.append(page)
        page.set_content(html)
        return page

    yield open_page
    for page in pages:
        page.close()


def html_of(edition: Edition) -> str:
    html = edition.html.fill({"unsubscribe_url": "https://letter.example.org/u/1"})
    for image in edition.images:
        data = base64.b64encode(image.data).decode()
        html = html.replace(f"cid:{image.cid}", f"data:{image.content_type};base64,{data}")
    return html


@pytest.mark.parametrize("accent", ["#0b5c6b", "#ffff00", "#101010"])
@pytest.mark.parametrize("scheme", ["light", "dark", "outlook"])
def test_all_text_has_contrast_by_day_and_by_night(
    make_edition: MakeEdition,
    full: dict[str, Any],
    show: Callable[..., Page],
    scheme: str,
    accent: str,
) -> None:
    html = html_of(make_edition(**full, publication={"accent": accent}))
    page = show(html, scheme="light" if scheme == "outlook" else scheme)
    if scheme == "outlook":  # what Outlook's dark mode does to the page around a letter
        page.evaluate(
            "document.documentElement.setAttribute('data-ogsc', '');"
            "document.documentElement.setAttribute('data-ogsb', '')"
        )
    assert page.evaluate(LOW_CONTRAST) == []
    ground = page.evaluate("getComputedStyle(document.querySelector('.page')).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(28, 26, 24)")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [280, 320, 375, 1200])
def test_nothing_sticks_out_at_the_side(
    make_edition: MakeEdition,
    full: dict[str, Any],
    show: Callable[..., Page],
    language: str,
    width: int,
) -> None:
    page = show(html_of(make_edition(**full, language=language)), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.compatMode") == "CSS1Compat"
    assert page.locator("h1").count() == 1


def test_without_style_sheets_the_letter_still_reads(
    make_edition: MakeEdition, full: dict[str, Any], show: Callable[..., Page]
) -> None:
    html = re.sub(r"<style.*?</style>", "", html_of(make_edition(**full)), flags=re.DOTALL)
    page = show(html, width=320)
    assert page.evaluate(LOW_CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    size = "e => [getComputedStyle(e).fontSize, getComputedStyle(e).fontFamily]"
    assert page.locator(".body p").nth(3).evaluate(size) == ["18px", "Georgia, serif"]
    assert page.locator("h2#story-1").evaluate(size)[0] == "26px"
    decoration = "e => getComputedStyle(e).textDecorationLine"
    assert (
        page.locator("a[href='https://example.org/stories/1']").evaluate(decoration) == "underline"
    )


def test_links_are_underlined_and_bullets_jump(
    make_edition: MakeEdition, full: dict[str, Any], show: Callable[..., Page]
) -> None:
    page = show(html_of(make_edition(**full)))
    plain = "es => es.filter(e => getComputedStyle(e).textDecorationLine !== 'underline').length"
    assert page.locator("a[href]:not(.button a)").evaluate_all(plain) == 0
    page.locator("a[href='#story-5']").click()
    assert abs(page.locator("#story-5").evaluate("e => e.getBoundingClientRect().top")) < 40


def test_pictures_that_do_not_load_leave_words_that_can_be_read(
    make_edition: MakeEdition, full: dict[str, Any], show: Callable[..., Page]
) -> None:
    page = show(re.sub(r'src="data:[^"]*"', 'src="data:,"', html_of(make_edition(**full))))
    image = page.locator("img").first
    assert image.get_attribute("alt") == "The harbour at sunrise"
    assert image.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 14
    assert page.get_by_text("Children look").is_visible()


def test_the_inbox_row_does_not_reach_the_body(
    make_edition: MakeEdition, full: dict[str, Any], show: Callable[..., Page]
) -> None:
    page = show(html_of(make_edition(**full, preheader="Only this")))
    first = page.evaluate(
        "document.body.textContent.trimStart().replaceAll('\\u034f', '').slice(0, 200)"
    )
    assert first.replace("\u2007", "").strip() == "Only this"
