"""The web version in a real browser: narrow screens, contrast, its policy, paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from newsletter.issue.load import load
from newsletter.issue.manuscript import Manuscript
from newsletter.render.publication import Publication
from newsletter.render.templates import BUILT_IN
from newsletter.render.web import render_web
from tests.unit.render.test_in_browser import LOW_CONTRAST

pytestmark = pytest.mark.browser

CHECKOUT = Path(__file__).parents[3]
ARABIC = CHECKOUT / "tests/issues/clean/2026-12-05-ar-community.yaml"
PUBLICATION = Publication("The Harbour Letter", tagline="News from the quay")
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

Show = Callable[..., Page]


@pytest.fixture
def show(browser: Browser, tmp_path: Path, root: Path) -> Iterator[Show]:
    """Opens the page of an issue from a folder, with its pictures beside it."""
    pages: list[Page] = []

    def open_page(
        manuscript: Manuscript, *, width: int = 1280, scheme: Any = "light", policy: bool = True
    ) -> Page:
        rendered = render_web(manuscript, PUBLICATION, (BUILT_IN,), root=root)
        folder = tmp_path / "page"
        (folder / "pictures").mkdir(parents=True, exist_ok=True)
        html = rendered.html
        if not policy:
            html = html.replace("Content-Security-Policy", "Nothing")
            assert html != rendered.html
        (folder / "page.html").write_text(html, encoding="utf-8")
        for name, data in rendered.pictures.items():
            (folder / "pictures" / name).write_bytes(data)
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        pages.append(page)
        page.goto((folder / "page.html").as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def long_words(make_manuscript: Callable[..., Manuscript], full: dict[str, Any]) -> Manuscript:
    address = f"https://example.org/{'a' * 120}"
    row = f"| {LONG} | 41,000 | 1 | 2 | 3 |"
    full["title"] = LONG
    full["summary"][0]["text"] = LONG
    full["sections"][0].update(
        headline=LONG,
        byline=LONG,
        body=f"{LONG} {address}\n\n| A | B | C | D | E |\n|---|---|---|---|---|\n{row}\n\n"
        f"    {'code' * 40}\n\n> {LONG}\n\n1. {LONG}\n\n![x](pictures/harbour.jpg)",
    )
    full["sections"].append({"kind": "button", "label": LONG, "url": address})
    full["sections"].append({"kind": "sponsor", "label": LONG, "body": LONG})
    return make_manuscript(**full)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_stands_out_sideways(show: Show, long_words: Manuscript, language: str) -> None:
    issue = long_words.issue.model_copy(update={"language": language})
    manuscript = Manuscript(long_words.path, long_words.name, "", issue, spans={})
    page = show(manuscript)
    # Nor is anything cut off: only a table may move sideways, in its own frame.
    wide = """() => [...document.querySelectorAll("body *")].filter(e => !e.closest(".table"))
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1
                  || e.getBoundingClientRect().left < -1).map(e => e.outerHTML.slice(0, 80))"""
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("innerWidth") == width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(wide) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_all_text_can_be_read(
    show: Show, make_manuscript: Any, full: dict[str, Any], language: str
) -> None:
    page = show(make_manuscript(**full, language=language))
    grounds: dict[Literal["light", "dark"], str] = {
        "light": "rgb(255, 255, 255)",
        "dark": "rgb(28, 26, 24)",
    }
    for scheme, ground in grounds.items():
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        assert page.evaluate(LOW_CONTRAST) == []


def test_right_to_left_is_a_mirror(show: Show) -> None:
    manuscript = load(ARABIC)
    assert isinstance(manuscript, Manuscript)
    page = show(manuscript, width=390)
    edges = page.evaluate(
        """() => ["h1", "h2[id=kitchen]", ".story > p"].map(selector => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector(selector));
            return Math.round(innerWidth - range.getBoundingClientRect().right);
        })"""
    )
    assert edges == [20, 20, 20]


def test_pictures_show_and_take_their_room_at_once(
    show: Show, make_manuscript: Any, full: dict[str, Any]
) -> None:
    messages: list[str] = []
    page = show(make_manuscript(**full))
    page.on("console", lambda message: messages.append(message.text))
    page.reload()
    pictures = page.evaluate(
        """() => [...document.images].map(i => [
            i.complete && i.naturalWidth > 0, Math.abs(i.width / i.height - 1.5) < 0.01])"""
    )
    assert pictures == [[True, True], [True, True]]
    assert messages == []  # its policy refuses nothing of its own


def test_a_bullet_leads_to_its_story(
    show: Show, make_manuscript: Any, full: dict[str, Any]
) -> None:
    page = show(make_manuscript(**full))
    page.get_by_role("navigation", name="In this issue").get_by_role("link").nth(2).click()
    assert page.evaluate("document.querySelector(':target').id") == "story-3"
    headings = page.get_by_role("article", name="The ferry of the 3th hour")
    assert headings.is_visible()


def test_hostile_text_runs_nothing_with_or_without_the_policy(
    show: Show, make_manuscript: Any
) -> None:
    text = "</style></title><script>window.ran=1</script><img src=x onerror=window.ran=1>"
    manuscript = make_manuscript(
        subject=text,
        preheader=f'"><script>window.ran=1</script>{text}',
        intro=f"{text} [x](javascript:window.ran=1)",
        sections=[{"headline": text, "body": text, "byline": text}],
    )
    for policy in (True, False):
        page = show(manuscript, policy=policy)
        assert page.evaluate("window.ran") is None
        assert page.evaluate("document.scripts.length + document.images.length") == 0
        assert page.inner_text("h2") == text


def test_on_paper_it_is_black_and_says_where_links_lead(
    show: Show, make_manuscript: Any, full: dict[str, Any]
) -> None:
    page = show(make_manuscript(**full), scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    after = """getComputedStyle(document.querySelector(".more a"), "::after").content"""
    assert "https://example.org/stories/1" in page.evaluate(after)
