"""As this reader: somebody from the list, or somebody made up; whatever they are called is text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from newsletter.audience.profile import Profile
from newsletter.audience.subscribers import add
from newsletter.project import Project
from tests.unit.preview.page.desk_page import Desk

pytestmark = pytest.mark.browser

IMAGE = '<img src=x onerror="top.ran=1">'
SPOOF = "Eve \u202egnp.exe\u202c Sample"


@pytest.fixture(scope="module")
def project(project: Path) -> Path:
    """With subscribers, two of them with hostile names."""
    opened = Project.open(folder := project)
    names = {"zoe@example.com": "Zoë Sample", "img@example.com": IMAGE, "rtl@example.com": SPOOF}
    for email, name in names.items():
        add(opened.database, email, Profile(name=name))
    for number in range(25):
        add(opened.database, f"reader{number}@example.org", Profile(name=f"Reader {number}"))
    opened.close()
    return folder


def dialog(desk: Desk) -> Any:
    desk.page.keyboard.press("r")
    shown = desk.page.get_by_role("dialog", name="As this reader")
    expect(shown.get_by_role("searchbox", name="A subscriber")).to_be_focused()
    return shown


def test_a_subscriber_is_searched_and_chosen(desk: Desk) -> None:
    desk.page.locator("#as-reader").click()
    shown = desk.page.get_by_role("dialog", name="As this reader")
    expect(shown.get_by_text("There are more; type a few letters.")).to_be_visible()
    shown.get_by_role("searchbox", name="A subscriber").fill("zoe")
    choices = shown.locator("#reader-list button")
    expect(choices).to_have_count(1)
    choices.click()
    desk.page.wait_for_url("**reader=*")
    expect(desk.letter().locator("body")).to_contain_text("Hello Zoë Sample, this is the letter.")
    expect(desk.page.locator("#as-reader")).to_have_text("Zoë Sample")
    assert "zoe" not in desk.page.url  # no address in the browser's history
    desk.page.keyboard.press("6")
    expect(desk.page.locator("pre.paper")).to_contain_text("Hello Zoë Sample")
    desk.page.reload()
    expect(desk.page.locator("pre.paper")).to_contain_text("Hello Zoë Sample")


@pytest.mark.proof("only")
def test_nobody_found_is_said(desk: Desk) -> None:
    shown = dialog(desk)
    shown.get_by_role("searchbox", name="A subscriber").fill("nobody of that name")
    expect(shown.locator("#reader-list")).to_have_text("No subscriber has that name or address.")


def test_somebody_made_up_and_back_to_the_sample(desk: Desk) -> None:
    shown = dialog(desk)
    shown.get_by_label("name", exact=True).fill('Ada & the "others" <b>')
    shown.get_by_role("button", name="Show").click()
    desk.page.wait_for_url("**with.name=*")
    body = desk.letter().locator("body")
    expect(body).to_contain_text('Hello Ada & the "others" <b>, this is the letter.')
    desk.settle()
    shown = dialog(desk)
    shown.get_by_role("button", name="Sample reader").click()
    expect(desk.page.locator("#as-reader")).to_have_text("Sample reader")
    expect(body).to_contain_text("Hello Alex Example")


@pytest.mark.proof("only")
@pytest.mark.parametrize(("search", "name"), [("img@", IMAGE), ("rtl@", SPOOF)])
def test_hostile_names_stay_text(desk: Desk, search: str, name: str) -> None:
    shown = dialog(desk)
    shown.get_by_role("searchbox", name="A subscriber").fill(search)
    choice = shown.locator("#reader-list bdi")
    expect(choice).to_have_count(1)
    kept = choice.text_content()
    assert "onerror" in kept or "exe" in kept
    assert shown.locator("#reader-list img").count() == 0
    choice.click()
    desk.page.wait_for_url("**reader=*")
    expect(desk.letter().locator("body")).to_contain_text(kept)
    assert desk.letter().locator("img[src='x']").count() == 0
    assert desk.page.evaluate("window.ran") is None


@pytest.mark.proof("only")
def test_escape_closes_and_the_focus_goes_back(desk: Desk) -> None:
    button = desk.page.locator("#as-reader")
    button.focus()
    button.press("Enter")
    desk.page.get_by_role("dialog", name="As this reader").wait_for()
    desk.page.keyboard.press("Escape")
    expect(button).to_be_focused()
