"""Pictures of every view for the docs, of the project's own sample issue.

They are only taken when asked: with ``NEWSLETTER_SCREENSHOTS=1`` in the environment these tests
write ``docs/screenshots/*.png``, each 1400 by 900 in 256 colours. Look at them before committing.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter.audience.profile import Profile
from newsletter.audience.subscribers import add
from newsletter.delivery.proof import send_proofs
from newsletter.project import Project
from tests.browser import screenshot
from tests.unit.preview.conftest import Running
from tests.unit.preview.page.desk_page import SLUG, Desk

ROOT = Path(__file__).parents[4]
TARGET = ROOT / "docs" / "screenshots"
LARGEST = 150_000  # bytes of a picture in the repository

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("NEWSLETTER_SCREENSHOTS"), reason="not asked for"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project, with a few subscribers and a proof in its outbox."""
    import datetime

    folder = tmp_path_factory.mktemp("looks") / "harbour"
    shutil.copytree(ROOT / "issues", folder / "issues")
    shutil.copy(ROOT / "newsletter.toml", folder)
    opened = Project.open(folder)
    for name in ("Zoë Sample", "Ada Example", "Ivo Muster", "Олена Приклад", "نور مثال"):
        add(opened.database, f"reader{len(name)}{ord(name[0])}@example.org", Profile(name=name))
    edition = opened.render(opened.manuscript(opened.find(SLUG))).edition
    now = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)
    to = ["desk@example.org", "ada@example.org", "ivo@example.org"]
    list(send_proofs(edition, opened.sender, to, opened.transport(), now))
    opened.close()
    return folder


@pytest.fixture
def looks(project: Path, preview: Running, window: Callable[..., Any]) -> Iterator[Desk]:
    desk = Desk(window(), preview, project)
    whole = desk.text
    yield desk
    if desk.text != whole:
        desk.issue.write_text(whole)


def take(desk: Desk, name: str) -> None:
    """A picture of the window as it stands."""
    desk.until(
        "[...document.querySelectorAll('iframe')].every((f) =>"
        " [...f.contentDocument.images].every((image) => image.complete))"
    )
    picture = Image.open(io.BytesIO(screenshot(desk.page)))
    small = picture.convert("RGB").quantize(
        256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    TARGET.mkdir(exist_ok=True)
    path = TARGET / f"{name}.png"
    small.save(path, optimize=True)
    assert path.stat().st_size < LARGEST, name


VIEWS = {
    "letter": "",
    "phones": "?show=letter-320,letter-375,letter-414",
    "dark": "?show=dark-375,outlook-dark-375,gmail-dark-375",
    "bare": "?show=no-images-640,no-styles-375",
    "text": "?show=text",
    "inbox": "?show=inbox",
    "source": "?show=html,message",
    "web": "?show=web-1000",
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view(looks: Desk, name: str) -> None:
    looks.open(VIEWS[name])
    if name == "bare":  # where the first picture is missing
        looks.page.evaluate(
            "for (const stage of document.querySelectorAll('.stage')) stage.scrollTop = 560"
        )
    take(looks, name)


def test_the_page_in_the_dark(looks: Desk) -> None:
    looks.page.emulate_media(color_scheme="dark")
    looks.open()
    take(looks, "letter-dark-scheme")


def test_findings(looks: Desk) -> None:
    looks.save(
        "The ferry to Stannet will not stop for the winter.",
        "The the ferry to Stannet will not stop, [click here](http://harbour.example.org/x).",
    )
    looks.open()
    looks.page.locator("#findings .remark", has_text="The the").locator(".what").first.click()
    looks.until("document.getElementById('stage-1-letter').scrollTop > 0")
    take(looks, "findings")


def test_forty_findings_and_long_words(looks: Desk) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    looks.save("Councillors keep the Stannet ferry, with fewer crossings", word)
    lines = "".join(
        f"      Line {n} of of them, [click here](http://example.org/{n}), is is here !\n\n"
        for n in range(14)
    )
    looks.save(
        "      The council will count the passengers", f"{lines}      The council will count"
    )
    looks.open()
    take(looks, "forty-findings")


def test_a_broken_file(looks: Desk) -> None:
    looks.open()
    looks.save("preheader: Plus", "preheadr: Plus")
    looks.page.locator(".alarm").wait_for()
    take(looks, "broken")


def test_editing(looks: Desk) -> None:
    looks.open()
    looks.letter().get_by_text("It was a week of votes").dblclick()
    looks.page.locator("#edit").wait_for()
    take(looks, "edit")


def test_dialogs(looks: Desk) -> None:
    for key, name in (("r", "reader"), ("p", "proof"), ("?", "keys")):
        looks.open()
        looks.page.keyboard.press(key)
        looks.page.locator("dialog[open]").wait_for()
        if key == "r":
            looks.page.locator("#reader-list button").first.wait_for()
        take(looks, name)


def test_the_outbox(looks: Desk) -> None:
    looks.page.goto(f"{looks.running.base}/outbox")
    looks.page.frame_locator("iframe").get_by_role("heading", name="The boat sails on").wait_for()
    take(looks, "outbox")


def test_the_page_of_a_cut_off_letter_and_one_that_is_gone(looks: Desk) -> None:
    looks.page.goto(f"{looks.running.base}/issue/1999-01-01")
    looks.page.locator("#main").wait_for()
    take(looks, "sorry")


def test_all_issues(looks: Desk) -> None:
    looks.page.goto(f"{looks.running.base}/")
    looks.until("!document.querySelector('#shelf tr[data-open]')")
    take(looks, "issues")
