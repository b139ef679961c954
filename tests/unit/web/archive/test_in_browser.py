"""The archive in a real browser: no scripts, small and dark, right to left, from a disk."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from newsletter.project import Project
from newsletter.web.archive.live import LiveArchive
from newsletter.web.archive.static import build
from tests.unit.render.test_in_browser import LOW_CONTRAST
from tests.unit.web.archive.kit import (
    draw_picture,
    in_three_languages,
    make_project,
    site_of,
    write_issue,
)
from tests.unit.web.archive.serving import Served, served

pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
HOSTILE = "</style></title><script>window.ran=1</script><img src=x onerror=window.ran=1>"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("letter")
    with contextlib.closing(make_project(folder, 'tagline = "News & <tides>"')) as made:
        in_three_languages(made)
        story = {"headline": LONG, "body": f"{LONG} ferry.", "image": draw_picture(made)}
        corrections = [{"date": "2025-12-06", "note": f"Eight, not nine. {LONG}"}]
        write_issue(made, "2025-12-05", title=LONG, sections=[story], corrections=corrections)
        write_issue(
            made,
            "2025-11-28",
            subject=HOSTILE,
            title=HOSTILE,
            preheader=f'"><script>window.ran=1</script>{HOSTILE}',
            corrections=[{"date": "2025-11-29", "note": f"{HOSTILE} [x](javascript:window.ran=1)"}],
            sections=[{"headline": HOSTILE, "body": f"{HOSTILE} ferry"}],
        )
        yield made


@pytest.fixture(scope="module")
def server(project: Project) -> Iterator[Served]:
    with served(LiveArchive(project, all_issues=True)) as running:
        yield running


@pytest.fixture(scope="module")
def folder(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mirror") / "deep" / "er"
    build(site_of(project, files=True), made)
    return made


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    contexts: list[BrowserContext] = []

    def open_one(url: str, *, width: int = 1000, scheme: Any = "light", js: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=js
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()


def test_a_reader_finds_an_old_issue_without_scripts(server: Served, open_page: Open) -> None:
    asked: list[str] = []
    page = open_page(server.url)
    page.context.on("request", lambda request: asked.append(request.url))
    page.get_by_role("searchbox", name="Search").fill("сьомеро")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Issues found: 1")
    page.get_by_role("link", name="Паром іде далі").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Паром іде далі")
    page.get_by_role("navigation", name="Іншими мовами").get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The boat sails on")
    page.get_by_role("link", name="After the high water").click()
    page.get_by_role("link", name="All issues").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All issues")
    assert page.context.cookies() == []
    assert all(url.startswith(server.url) for url in asked), asked


def test_from_a_disk_every_page_can_be_reached_and_shows_its_pictures(
    folder: Path, open_page: Open
) -> None:
    page = open_page((folder / "index.html").as_uri())
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    assert page.get_by_role("searchbox").count() == 0
    page.get_by_role("link", name="All headlines").click()
    expect(page.get_by_role("main")).to_contain_text("Ctrl+F")
    expect(page.get_by_role("main")).to_contain_text("The ferry leaves at eight")
    page.get_by_role("link", name=LONG).click()
    picture = page.get_by_role("img", name="The harbour at sunrise")
    assert picture.evaluate("i => i.complete && i.naturalWidth > 0")
    expect(page.get_by_role("note", name="Correction")).to_contain_text("Eight, not nine.")
    page.get_by_role("link", name="The Harbour Letter").click()
    page.get_by_role("link", name="العربية").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("كل الأعداد")
    assert page.url == (folder / "index.ar.html").as_uri()
    assert messages == []  # no policy refuses anything of its own


@pytest.mark.parametrize("name", ["index.html", "index.ar.html", "headlines.html", "2025-12-05"])
def test_nothing_sticks_out_at_the_side(server: Served, open_page: Open, name: str) -> None:
    page = open_page(server.url + name)
    for width in (280, 320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("innerWidth") == width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["", "index.ar.html", "headlines.html", "2025-12-05", "search?q=ferry"]
)
def test_axe_finds_nothing_wrong_and_all_text_can_be_read(
    server: Served, open_page: Open, path: str, scheme: str
) -> None:
    page = open_page(server.url + path, width=390, scheme=scheme, js=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(LOW_CONTRAST) == []
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 26, 24)"}[scheme]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_right_to_left_is_a_mirror(server: Served, open_page: Open) -> None:
    page = open_page(f"{server.url}index.ar.html", width=390)
    edges = page.evaluate(
        """() => ["h1", ".list h3", ".search input"].map(selector => {
            const range = document.createRange();
            range.selectNode(document.querySelector(selector));
            return Math.round(innerWidth - range.getBoundingClientRect().right);
        })"""
    )
    assert edges == [20, 20, 20]


@pytest.mark.parametrize("path", ["", "headlines.html", "2025-11-28", "search?q=ferry"])
def test_hostile_text_runs_nothing_with_or_without_the_policy(
    server: Served, open_page: Open, path: str
) -> None:
    page = open_page(server.url + path, js=True)
    html = page.content()
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.scripts.length") == 0
    bare = html.replace("Content-Security-Policy", "Nothing")
    assert bare != html
    page.set_content(bare)
    assert page.evaluate("window.ran") is None
