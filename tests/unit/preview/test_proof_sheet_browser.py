"""The proof in a real browser: nothing runs, nothing is asked for, everything is readable."""

from __future__ import annotations

import dataclasses
import datetime
import io
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser as Chromium

from newsletter.errors import NewsletterError
from newsletter.preview.proof_sheet import screenshots
from newsletter.preview.proof_sheet.earlier import Comparison
from newsletter.preview.proof_sheet.page import page as html_of
from newsletter.preview.proof_sheet.screenshots import Browser
from newsletter.preview.proof_sheet.sheet import Sheet, make_sheet
from newsletter.preview.proof_sheet.views import View, views
from newsletter.project import Project
from tests.proof import cases

pytestmark = pytest.mark.browser

NOW = datetime.datetime(2026, 11, 19, 14, 5, tzinfo=datetime.UTC)
RAN = "window.top.document.documentElement.dataset.ran = 'yes'"
HOSTILE = f"""<!doctype html><html><head><base href="https://evil.example.com/" target="_top">
<meta http-equiv="refresh" content="0;url=https://evil.example.com/">
<link rel="stylesheet" href="https://evil.example.com/x.css">
<style>@import "https://evil.example.com/y.css";
@font-face{{font-family:e;src:url(https://evil.example.com/f)}} h1{{font-family:e}}
body{{background:url(https://evil.example.com/b.png)}}</style>
<script>{RAN}</script></head><body onload="{RAN}">
<h1>Hostile</h1><img src="x" onerror="{RAN}"><svg onload="{RAN}"><script>{RAN}</script></svg>
<img src="https://evil.example.com/a.png"><video src="https://evil.example.com/v"></video>
<iframe srcdoc="<script>{RAN.replace('"', "'")}</script>"></iframe>
<iframe src="https://evil.example.com/"></iframe><object data="https://evil.example.com/"></object>
<form action="https://evil.example.com/"><button>Send</button></form>
<a id="js" href="javascript:{RAN}">script</a> <a id="out" href="https://evil.example.com/">out</a>
</body></html>"""


@pytest.fixture
def sheet(folder: Path, issue: Path) -> Sheet:
    project = Project.open(folder)
    return make_sheet(project, project.manuscript(issue), Comparison(why="New: first."), NOW)


def with_letter(sheet: Sheet, html: str) -> Sheet:
    return dataclasses.replace(sheet, views=views(html, {}))


Open = Callable[..., Any]


@pytest.fixture
def show(browser: Chromium, tmp_path: Path) -> Iterator[Open]:
    """Open a proof as a file; what it asks for is in ``.asked``."""
    contexts = []

    def opened(sheet: Sheet, width: int = 1400, **options: Any) -> Any:
        file = tmp_path / "proof.html"
        file.write_text(html_of(sheet), encoding="utf-8")
        given = {"color_scheme": "light", "reduced_motion": "reduce", **options}
        context = browser.new_context(viewport={"width": width, "height": 900}, **given)
        contexts.append(context)
        window: Any = context.new_page()
        window.set_default_timeout(15_000)
        window.asked = []
        window.on("requestfinished", lambda request: window.asked.append(request.url))
        window.on(
            "requestfailed",
            lambda request: request.failure == "csp" or window.asked.append(request.url),
        )
        window.goto(file.as_uri(), wait_until="domcontentloaded")
        window.wait_for_timeout(300)
        return window

    yield opened
    for context in contexts:
        context.close()


def heights(window: Any) -> list[int]:
    found: list[int] = window.evaluate(
        "[...document.querySelectorAll('iframe')].map(f => f.offsetHeight)"
    )
    return found


def test_frames_are_as_high_as_their_letters(show: Open, sheet: Sheet) -> None:
    window = show(sheet)
    whole = window.evaluate(
        """[...document.querySelectorAll('iframe')].every(
            f => f.classList.contains("whole")
              && f.offsetHeight === f.contentDocument.documentElement.scrollHeight)"""
    )
    assert whole
    assert min(heights(window)) > 800
    assert not window.get_by_text("each letter scrolls in its frame").is_visible()
    box = window.locator("#desktop .sheet")
    assert box.bounding_box()["height"] < 900
    window.get_by_label("Whole letters").check()
    assert box.bounding_box()["height"] == heights(window)[0]


@pytest.mark.proof("only")
def test_without_scripts_everything_can_be_read(show: Open, sheet: Sheet) -> None:
    window = show(sheet, java_script_enabled=False)
    frame = window.frame_locator("#phone iframe")
    frame.get_by_role("heading", name="Night ferry returns").wait_for()
    assert window.locator("#phone iframe").bounding_box()["height"] == 720
    assert window.get_by_text("each letter scrolls in its frame").is_visible()
    assert not window.get_by_label("Whole letters").is_visible()
    for part in ("In the inbox", "Plain text", "Findings", "Changes"):
        assert window.get_by_role("heading", name=part, exact=True).is_visible()


@pytest.mark.proof
@pytest.mark.parametrize("scripts", cases([True], [True, False]))
def test_a_hostile_letter_runs_nothing_and_asks_nobody(
    show: Open, sheet: Sheet, scripts: bool
) -> None:
    window = show(with_letter(sheet, HOSTILE), java_script_enabled=scripts)
    here = window.url
    for name in ("desktop", "outlook-dark", "no-images", "no-styles"):
        frame = window.frame_locator(f"#{name} iframe").first
        frame.get_by_role("heading", name="Hostile").wait_for()
        for link in ("#js", "#out"):
            frame.locator(link).click(no_wait_after=True)
        frame.get_by_role("button", name="Send").click(no_wait_after=True)
        window.wait_for_timeout(100)
        frame.get_by_role("heading", name="Hostile").wait_for()
    assert window.url == here
    assert len(window.context.pages) == 1
    assert window.locator("html").get_attribute("data-ran") is None
    outside = [url for url in window.asked if not url.startswith(("file:", "data:", "about:"))]
    assert outside == []


@pytest.mark.proof("only")
def test_a_hostile_issue_stays_text(show: Open, folder: Path, issue: Path) -> None:
    text = issue.read_text("utf-8")
    script = f'<script>{RAN}</script><img src=x onerror="{RAN}">'.replace("'", "''")
    for words in ("The night ferry is back", "Night ferry returns", "The market hall\n"):
        text = text.replace(words, f"'TK {script}'\n" if words.endswith("\n") else f"'{script}'")
    issue.write_text(text, encoding="utf-8")
    project = Project.open(folder)
    window = show(
        make_sheet(project, project.manuscript(issue), Comparison(why=f"New: {script}"), NOW)
    )
    assert window.evaluate("document.documentElement.dataset.ran") is None
    assert script.replace("''", "'") in window.locator(".ticket .subject").inner_text()
    assert [url for url in window.asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.proof
@pytest.mark.parametrize("scheme", cases(["dark"], ["light", "dark"]))
def test_letters_are_as_light_or_dark_as_they_are_called(
    show: Open, sheet: Sheet, scheme: str
) -> None:
    letter = (
        '<html><head><meta name="color-scheme" content="light dark"><style>body{background:#fff}'
        "@media (prefers-color-scheme: dark){body{background:#000}}</style></head><body>a</body>"
    )
    window = show(with_letter(sheet, letter), color_scheme=scheme)
    seen = window.evaluate(
        """Object.fromEntries([...document.querySelectorAll('.view')].map(view => [view.id,
            getComputedStyle(view.querySelector('iframe').contentDocument.body).backgroundColor]))"""
    )
    white, black = "rgb(255, 255, 255)", "rgb(0, 0, 0)"
    assert {seen[name] for name in ("desktop", "phone", "no-images", "no-styles")} <= {
        white,
        "rgba(0, 0, 0, 0)",
    }
    assert seen["dark"] == black
    own = window.evaluate("getComputedStyle(document.body).backgroundColor")
    assert own == {"light": "rgb(236, 234, 229)", "dark": "rgb(23, 24, 26)"}[scheme]


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const parse = c => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c;
    canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .03928
    ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; }
    return [255, 255, 255, 255]; };
  const bad = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || e.closest('script, noscript, iframe, .skip')) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push([e.outerHTML.slice(0, 80), ratio]);
  }
  return bad;
}"""


def test_it_is_legible_on_every_screen(show: Open, folder: Path, issue: Path) -> None:
    text = issue.read_text("utf-8").replace("The market hall\n", "TK " + 90 * "ä" + "\n")
    issue.write_text(text.replace("night ferry is back", "مرحبا " + 60 * "w"), encoding="utf-8")
    project = Project.open(folder)
    comparison = Comparison(why="New: first.")
    window = show(make_sheet(project, project.manuscript(issue), comparison, NOW))
    for width, scheme in itertools.product((1400, 390), ("light", "dark")):
        window.set_viewport_size({"width": width, "height": 900})
        window.emulate_media(color_scheme=scheme)
        assert window.evaluate("document.documentElement.scrollWidth") <= width
        assert window.evaluate(CONTRAST) == []


@pytest.mark.proof("only")
def test_it_has_names_and_a_structure(show: Open, sheet: Sheet) -> None:
    window = show(sheet)
    levels = window.evaluate(
        "[...document.querySelectorAll('h1,h2,h3')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    ids = window.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    for link in window.locator('a[href^="#"]').all():
        assert link.get_attribute("href").removeprefix("#") in ids
    titles = [frame.get_attribute("title") for frame in window.locator("iframe").all()]
    assert all(titles)
    assert len(titles) == len(set(titles))
    window.keyboard.press("Tab")
    assert window.get_by_role("link", name="Skip to the proof").evaluate(
        "e => e === document.activeElement && e.getBoundingClientRect().left >= 0"
    )


@pytest.mark.proof("only")
def test_paper_shows_the_whole_letter(show: Open, sheet: Sheet) -> None:
    window = show(sheet, 718)
    window.emulate_media(media="print")
    boxes = window.evaluate(
        """[...document.querySelectorAll('.view')].map(v => {
            const f = v.querySelector('iframe').getBoundingClientRect();
            const s = v.querySelector('.sheet').getBoundingClientRect();
            return [f.right - s.right, f.bottom - s.bottom, s.right];
        })"""
    )
    assert len(boxes) == 7
    for right, bottom, edge in boxes:
        assert abs(right) < 1
        assert abs(bottom) < 1
        assert edge <= 718
    assert window.pdf(prefer_css_page_size=True).startswith(b"%PDF")


DARK = '<html><head><meta name="color-scheme" content="dark"></head><body>a</body></html>'
TALL = """<!doctype html><html><head><style>body{margin:0}div{height:700px}</style></head><body>
<div style="background:#f00"></div><div style="background:#0f0"></div>
<div style="background:#00f"></div><script>document.body.innerHTML = ''</script>
<img src="https://evil.example.com/a.png" width="1" height="1" style="position:absolute;top:0">
</body></html>"""


def test_screenshots_show_letters_from_top_to_bottom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshots, "_SLICE", 900)  # the slices meet in the middle of a stripe
    shown = (
        View("wide", "", "", 640, False, TALL),
        View("narrow", "", "", 375, False, TALL.replace("700px", "300px")),
        View("dark", "", "", 375, True, DARK),
    )
    taken = {
        name: Image.open(io.BytesIO(png)).convert("RGB")
        for name, png in Browser.find().take(shown).items()
    }
    assert {name: image.size[0] for name, image in taken.items()} == {
        "wide": 640,
        "narrow": 375,
        "dark": 375,
    }
    for name, stripe in (("wide", 700), ("narrow", 300)):
        assert taken[name].height == 3 * stripe
        for index, colour in enumerate([(255, 0, 0), (0, 255, 0), (0, 0, 255)]):
            for inside in (5, stripe // 2, stripe - 5):
                assert taken[name].getpixel((370, index * stripe + inside)) == colour
    assert max(taken["dark"].getpixel((10, 0))) < 64  # type: ignore[arg-type]


def program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_browser_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = (View("wide", "", "", 640, False, TALL),)
    for script, said in (
        ("exit 3", "browser ended with exit code 3"),
        ("exit 0", "browser could not measure the letter"),
        (
            'case "$*" in *--dump-dom*) echo "<title>measured 9</title>";; esac',
            "browser drew no picture of the letter",
        ),
    ):
        environment = {"CHROMIUM": program(tmp_path / "browser", script), "PATH": ""}
        with pytest.raises(NewsletterError, match=said):
            Browser.find(environment).take(shown)


def test_a_browser_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshots, "SECONDS", 0.5)
    shown = (View("wide", "", "", 640, False, TALL),)
    left = tmp_path / "left"
    script = f"(sleep 2; touch '{left}') & sleep 60"
    environment = {"CHROMIUM": program(tmp_path / "browser", script), "PATH": ""}
    with pytest.raises(NewsletterError, match="did not finish within"):
        Browser.find(environment).take(shown)
    time.sleep(2.5)
    assert not left.exists()
