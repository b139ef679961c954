"""The letter in a real browser: contrast by day and by night, phones, pictures off."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import Issue
from newsletter.render.edition import Edition
from newsletter.render.issue import render
from newsletter.render.publication import Publication
from newsletter.render.templates import BUILT_IN
from tests.unit.render.conftest import full_issue

Letter = Callable[..., str]

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


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Letter:
    """The HTML of a full issue as a reader's program shows it; made once for each kind of it."""
    root = tmp_path_factory.mktemp("letter")
    (root / "issues" / "pictures").mkdir(parents=True)
    Image.new("RGB", (1200, 800), "#345").save(root / "issues" / "pictures" / "harbour.jpg")

    @functools.cache
    def make(language: str = "en", accent: str = "", preheader: str = "Also: the library") -> str:
        fields = {
            "subject": "The first ferry leaves at half past five",
            "preheader": preheader,
            "date": "2026-11-20",
            "language": language,
            **full_issue(),
        }
        path = root / "issues" / "2026-11-20.yaml"
        issue = Issue.model_validate(fields)
        about = {"accent": accent} if accent else {}
        publication = Publication("The Harbour Letter", tagline="News from the quay", **about)
        manuscript = Manuscript(path, f"issues/{path.name}", "", issue, spans={})
        return html_of(render(manuscript, publication, (BUILT_IN,), root=root).edition)

    return make


def html_of(edition: Edition) -> str:
    html = edition.html.fill({"unsubscribe_url": "https://letter.example.org/u/1"})
    for image in edition.images:
        data = base64.b64encode(image.data).decode()
        html = html.replace(f"cid:{image.cid}", f"data:{image.content_type};base64,{data}")
    return html


@pytest.mark.parametrize("accent", ["#0b5c6b", "#ffff00", "#101010"])
def test_all_text_has_contrast_by_day_and_by_night(
    letter: Letter, show: Callable[..., Page], accent: str
) -> None:
    page = show(letter(accent=accent))
    ground = "getComputedStyle(document.querySelector('.page')).backgroundColor"
    assert page.evaluate(LOW_CONTRAST) == []
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(LOW_CONTRAST) == []
    assert page.evaluate(ground) == "rgb(28, 26, 24)"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    # What Outlook's dark mode does to the page around a letter.
    page.evaluate(
        "document.documentElement.setAttribute('data-ogsc', '');"
        "document.documentElement.setAttribute('data-ogsb', '')"
    )
    assert page.evaluate(LOW_CONTRAST) == []
    assert page.evaluate(ground) == "rgb(28, 26, 24)"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_sticks_out_at_the_side(
    letter: Letter, show: Callable[..., Page], language: str
) -> None:
    page = show(letter(language))
    assert page.evaluate("document.compatMode") == "CSS1Compat"
    assert page.locator("h1").count() == 1
    for width in (280, 320, 375, 1200):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [width, width]


def test_without_style_sheets_the_letter_still_reads(
    letter: Letter, show: Callable[..., Page]
) -> None:
    html = re.sub(r"<style.*?</style>", "", letter(), flags=re.DOTALL)
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


def test_links_are_underlined_and_bullets_jump(letter: Letter, show: Callable[..., Page]) -> None:
    page = show(letter())
    plain = "es => es.filter(e => getComputedStyle(e).textDecorationLine !== 'underline').length"
    assert page.locator("a[href]:not(.button a)").evaluate_all(plain) == 0
    page.locator("a[href='#story-5']").click()
    assert abs(page.locator("#story-5").evaluate("e => e.getBoundingClientRect().top")) < 40


def test_pictures_that_do_not_load_leave_words_that_can_be_read(
    letter: Letter, show: Callable[..., Page]
) -> None:
    page = show(re.sub(r'src="data:[^"]*"', 'src="data:,"', letter()))
    image = page.locator("img").first
    assert image.get_attribute("alt") == "The harbour at sunrise"
    assert image.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 14
    assert page.get_by_text("Children look").is_visible()


def test_the_inbox_row_does_not_reach_the_body(letter: Letter, show: Callable[..., Page]) -> None:
    page = show(letter(preheader="Only this"))
    first = page.evaluate(
        "document.body.textContent.trimStart().replaceAll('\\u034f', '').slice(0, 200)"
    )
    assert first.replace("\u2007", "").strip() == "Only this"
