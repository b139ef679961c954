"""The appearances of a letter as a real Chromium computes them."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from newsletter.delivery.sample import sample_message
from newsletter.preview.appearances import Appearance, appear, light, without_images
from newsletter.preview.mail import open_mail
from newsletter.project import Project
from tests.browser import screenshot
from tests.unit.preview.conftest import png

pytestmark = pytest.mark.browser

PICTURE = "data:image/png;base64," + base64.b64encode(png()).decode()

Look = Callable[..., Any]


SEE = """
async ([html, script]) => {
  const frame = document.createElement("iframe");
  frame.width = 600;
  frame.height = 400;
  const loaded = new Promise((done) => { frame.onload = done; });
  frame.srcdoc = html;
  document.body.replaceChildren(frame);
  await loaded;
  const { contentDocument, contentWindow } = frame;
  const styles = contentWindow.getComputedStyle.bind(contentWindow);
  return new Function("document", "getComputedStyle", `return ${script}`)(contentDocument, styles);
}
"""


@pytest.fixture(scope="module", params=["light", "dark"])
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Look]:
    """``look(html, script)`` on an editor's machine in the light, and on one in the dark.

    Each letter gets a frame of its own, as in the preview.
    """
    context = browser.new_context(
        viewport={"width": 700, "height": 500}, color_scheme=request.param
    )
    page = context.new_page()
    page.set_content("<!doctype html><body>")

    def see(html: str, script: str) -> Any:
        return page.evaluate(SEE, [html, script])

    yield see
    context.close()


def style(selector: str, name: str) -> str:
    return f"getComputedStyle(document.querySelector('{selector}')).{name}"


BLACK, WHITE, RED, BLUE = "rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgb(255, 0, 0)", "rgb(0, 0, 255)"


@pytest.mark.parametrize(
    "query",
    [
        "@media (prefers-color-scheme: dark) { RULE }",
        "@media screen and (prefers-color-scheme:dark) { RULE }",
        "@media only screen and (prefers-color-scheme: dark) { RULE }",
        "@media print, (prefers-color-scheme: dark) { RULE }",
        "@media (prefers-color-scheme: dark) and (max-width: 650px) { RULE }",
        "@media (PREFERS-color-scheme:/**/DARK) { RULE }",
        "@media not (prefers-color-scheme: light) { RULE }",
        "@media (width > 1px) and (not (prefers-color-scheme: light)) { RULE }",
        "@supports (display: block) { @media (prefers-color-scheme: dark) { RULE } }",
        "@media (prefers-color-scheme: dark) { @supports (display: block) { RULE } }",
        "@media screen { @media (prefers-color-scheme: dark) { RULE } }",
        ":root { color-scheme: light dark } p { color: light-dark(black, red) }",
    ],
)
def test_dark_rules_apply_in_the_dark_view_and_in_no_light_one(look: Look, query: str) -> None:
    rules = "p { color: black } " + query.replace("RULE", "p { color: red }")
    letter = f"<!doctype html><style>{rules}</style><body><p>A</p></body>"
    assert look(appear(letter, Appearance.DARK), style("p", "color")) == RED
    assert look(light(letter), style("p", "color")) == BLACK
    assert look(appear(letter, Appearance.NO_IMAGES), style("p", "color")) == BLACK
    assert look(appear(letter, Appearance.INVERTED), style("p", "color")) == WHITE


@pytest.mark.parametrize(
    "query",
    [
        "@media (prefers-color-scheme: light) { RULE }",
        "@media (prefers-color-scheme: dark) and (max-width: 100px) { RULE }",
        "@media print and (prefers-color-scheme: dark) { RULE }",
        "@media not (prefers-color-scheme: dark) { RULE }",
        "@media (prefers-color-scheme: no-preference) { RULE }",
    ],
)
def test_what_is_not_for_this_dark_window_does_not_apply(look: Look, query: str) -> None:
    rules = "p { color: black } " + query.replace("RULE", "p { color: red }")
    letter = f"<!doctype html><style>{rules}</style><body><p>A</p></body>"
    assert look(appear(letter, Appearance.DARK), style("p", "color")) == BLACK


def test_style_elements_and_pictures_for_the_dark_are_taken_by_their_media(look: Look) -> None:
    letter = (
        "<!doctype html><body><style media='(prefers-color-scheme: dark)'>p{color:red}</style>"
        "<p>A</p><picture><source srcset='http://127.0.0.1:9/dark.png'"
        " media='(prefers-color-scheme: dark)'><img src='http://127.0.0.1:9/light.png'></picture>"
    )
    chosen = "document.querySelector('img').currentSrc"
    assert look(appear(letter, Appearance.DARK), style("p", "color")) == RED
    assert look(appear(letter, Appearance.DARK), chosen).endswith("dark.png")
    assert look(light(letter), style("p", "color")) == BLACK
    assert look(light(letter), chosen).endswith("light.png")


@pytest.mark.parametrize(
    "said",
    [
        '<meta name="color-scheme" content="light dark">',
        '<meta content="dark light" name="supported-color-schemes">',
        "<style>:root { color-scheme: light dark }</style>",
        "<style>:root { supported-color-schemes: light dark; }</style>",
        "<style>html{color-scheme:light dark!important}</style>",
    ],
)
def test_the_default_colours_follow_the_scheme(look: Look, said: str) -> None:
    letter = f"<!doctype html><html><head>{said}</head><body><p>A</p></body></html>"
    assert look(appear(letter, Appearance.DARK), style("p", "color")) == WHITE
    assert look(light(letter), style("p", "color")) == BLACK


OUTLOOK = """<!doctype html><html><head><style>
.sheet { color: #000000 } .border { border: 1px solid rgb(0, 0, 0) }
[data-ogsc] .hook { color: red !important } [data-ogsb] .hook { background: blue !important }
</style></head><body style="background:#fff">
<p class="inline" style="color:#000000;background-color:white">A</p><p class="sheet">B</p>
<p class="hook" style="color:#123456;background:#ffffff">C</p><p class="default">D</p>
<p class="border">E</p><table bgcolor="#ffffff"><tr><td><font color="#000000">F</font></td>
</tr></table>
<div class="gradient" style="background:linear-gradient(#ffffff, #000000)">G</div></body></html>"""


def test_outlook_recolours_and_the_letters_rules_for_it_win(look: Look) -> None:
    letter = appear(OUTLOOK, Appearance.OUTLOOK)
    grey = "rgb(51, 51, 51)"
    assert look(letter, style(".inline", "color")) == WHITE
    assert look(letter, style(".inline", "backgroundColor")) == grey
    assert look(letter, style("body", "backgroundColor")) == grey
    assert look(letter, style(".sheet", "color")) == WHITE
    assert look(letter, style(".default", "color")) == WHITE
    assert look(letter, style(".hook", "color")) == RED
    assert look(letter, style(".hook", "backgroundColor")) == BLUE
    assert look(letter, style("table", "backgroundColor")) == grey
    assert look(letter, style("font", "color")) == WHITE
    assert look(letter, style(".border", "borderTopColor")) == BLACK
    assert look(letter, style(".gradient", "backgroundImage")) == (
        "linear-gradient(rgb(255, 255, 255), rgb(0, 0, 0))"
    )
    dark = OUTLOOK.replace(
        "</style>", "@media (prefers-color-scheme:dark){.inline{color:red!important}}</style>"
    )
    assert look(appear(dark, Appearance.OUTLOOK), style(".inline", "color")) == RED


def test_the_inversion_turns_everything_but_pictures(look: Look) -> None:
    letter = appear(OUTLOOK, Appearance.INVERTED)
    black = "rgb(18, 18, 18)"
    assert look(letter, style(".inline", "color")) == WHITE
    assert look(letter, style(".inline", "backgroundColor")) == black
    assert look(letter, style(".hook", "backgroundColor")) == black
    assert look(letter, style(".hook", "color")) not in (RED, "rgb(18, 52, 86)")
    assert look(letter, style(".border", "borderTopColor")) == WHITE
    assert look(letter, style("table", "backgroundColor")) == black
    assert look(letter, style("font", "color")) == WHITE
    assert "rgb(255, 255, 255), rgb(0, 0, 0)" in look(letter, style(".gradient", "backgroundImage"))
    bare = appear("<p>A <a href='https://example.org'>B</a></p>", Appearance.INVERTED)
    assert look(bare, style("a", "color")) != "rgb(0, 0, 238)"
    assert look(bare, style("p", "color")) == WHITE
    assert look(bare, style("body", "backgroundColor")) == black


def test_without_pictures_alternative_texts_stand_in_boxes_of_the_same_width(look: Look) -> None:
    letter = (
        f'<!doctype html><body><div style="background:url({PICTURE})">A</div>'
        f'<img src="{PICTURE}" alt="A ferry at night" width="500" height="250">'
        f'<p><img src="{PICTURE}" alt="A ferry" width="300"></p>'
    )
    probe = "[...document.images].map(one => [one.naturalWidth, one.width])"
    assert look(letter, probe) == [[600, 500], [600, 300]]
    bare = without_images(appear(letter, Appearance.NO_IMAGES))
    assert look(bare, probe) == [[0, 500], [0, 300]]


def test_alternative_texts_are_seen_and_background_pictures_are_not(browser: Browser) -> None:
    shots = []
    for text, block in (("A ferry at night", True), ("", True), ("", False)):
        letter = (
            f'<!doctype html><body><p style="height:90px;background:url({PICTURE})"></p>'
            f'<img src="{PICTURE}" alt="{text}" width="300" style="color:#ff0000">'
        )
        letter = appear(letter, Appearance.NO_IMAGES)
        page = browser.new_page(viewport={"width": 400, "height": 300})
        page.set_content(without_images(letter) if block else letter)
        with Image.open(io.BytesIO(screenshot(page))) as shot:
            data = shot.convert("RGB").tobytes()
        shots.append(set(zip(data[::3], data[1::3], data[2::3], strict=True)))
        page.close()
    reddish = [any(r > 200 and g < 90 and b < 90 for r, g, b in shot) for shot in shots]
    of_picture = [(29, 58, 69) in shot for shot in shots]
    assert reddish == [True, False, False]
    assert of_picture == [False, False, True]


def test_a_whole_issue_has_the_same_elements_everywhere(folder: Path, look: Look) -> None:
    project = Project.open(folder)
    edition = project.render(project.manuscript(project.find())).edition
    letter = open_mail(sample_message(edition, project.sender).data).html
    names = "[...document.body.querySelectorAll('*')].map(one => one.localName).join(' ')"
    whole = look(letter, names)
    for appearance in Appearance:
        assert look(appear(letter, appearance), names) == whole, appearance
    assert look(without_images(letter), names) == whole
