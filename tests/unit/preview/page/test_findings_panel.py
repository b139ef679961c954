"""The findings beside the letter: filter, light up, go there, open the line, mend, take back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.unit.preview.conftest import Running, Serve
from tests.unit.preview.page.desk_page import SLUG, Desk

pytestmark = pytest.mark.browser

EDITOR = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('|'.join(sys.argv[2:]))"
TOP = "document.getElementById('stage-1-letter').scrollTop"


@pytest.fixture(scope="module")
def preview(project: Path, serve_project: Serve) -> Iterator[Running]:
    """With an editor's command that writes down what it was asked to open."""
    script = project / "editor.py"
    script.write_text(EDITOR)
    command = f"{sys.executable} {script} {project / 'opened'} {{file}} {{line}} {{column}}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSLETTER_EDITOR", command)
        with serve_project(project) as running:
            yield running


@pytest.fixture
def marked(fresh: Desk) -> Desk:
    """An issue with a few findings, some of them below what is seen at first."""
    fresh.save("Bring a name.", "Bring the the name, [click here](https://example.org/name).")
    (fresh.folder / "opened").unlink(missing_ok=True)
    fresh.open()
    return fresh


def remark(desk: Desk, words: str) -> Any:
    return desk.page.locator("#findings .remark", has_text=words).first


def test_findings_stand_worst_first_with_place_line_and_rule(marked: Desk) -> None:
    found = marked.page.locator("#findings .remark")
    ranks = [
        {"Error": 0, "Warning": 1, "Note": 2}[word]
        for word in found.locator(".severity").all_inner_texts()
    ]
    assert ranks == sorted(ranks)
    assert len(ranks) >= 2
    doubled = remark(marked, "the the")
    assert doubled.locator(".where").inner_text().startswith(f"{SLUG}.yaml:")
    assert "Bring the the name" in doubled.locator(".line").inner_text()
    expect(doubled.locator(".rule")).to_have_text("doubled-word")
    expect(marked.page.locator("#findings h2")).to_have_text(
        marked.page.locator("#verdict").inner_text()
    )


@pytest.mark.proof("only")
def test_a_group_is_shown_alone_and_all_of_them_again(marked: Desk) -> None:
    shown = marked.page.locator("#findings .remark").filter(visible=True)
    all_of_them = shown.count()
    filters = marked.page.locator(".filter")
    assert filters.count() >= 2
    first = filters.first
    number = int(first.locator("span").inner_text())
    first.click()
    assert first.get_attribute("aria-pressed") == "true"
    assert shown.count() == number < all_of_them
    marked.save("Night ferry returns", "Night ferry sails")
    marked.letter().get_by_role("heading", name="Night ferry sails").wait_for()
    marked.settle()
    assert shown.count() == number
    first.click()
    assert shown.count() == all_of_them


def test_hovering_lights_up_the_passage_in_every_frame(marked: Desk) -> None:
    remark(marked, "the the").hover()
    for width in (640, 375):
        lit = marked.letter("letter", width).locator("[data-desk~='lit']")
        expect(lit).to_have_count(1)
        expect(lit).to_contain_text("Bring the the name")
    marked.page.locator("#glance").hover()
    expect(marked.letter().locator("[data-desk~='lit']")).to_have_count(0)


@pytest.mark.proof("only")
def test_a_finding_about_the_subject_lights_up_the_inbox_row(fresh: Desk) -> None:
    fresh.save("The night ferry is back", "The the night ferry is back")
    fresh.open()
    remark(fresh, "The the").hover()
    expect(fresh.page.locator(".row-subject.lit")).to_have_count(1)


def test_a_click_goes_there_and_a_second_one_opens_the_line_in_the_editor(marked: Desk) -> None:
    found = remark(marked, "the the")
    found.locator(".what").click()
    marked.until(f"{TOP} > 100")
    seen = marked.letter().get_by_text("Bring the the name").bounding_box()
    stage = marked.page.locator("#stage-1-letter").bounding_box()
    assert stage["y"] < seen["y"] < stage["y"] + stage["height"]
    assert found.get_attribute("aria-current") == "true"
    found.locator(".what").click()
    marked.toast(f"Opened {SLUG}.yaml:")
    line = marked.text[: marked.text.index("Bring the the")].count("\n") + 1
    opened = marked.folder / "opened"
    while not opened.exists() or not opened.read_text():
        marked.page.wait_for_timeout(20)
    file, at, _ = opened.read_text().split("|")
    assert Path(file) == marked.issue.resolve()
    assert int(at) == line


@pytest.mark.proof("only")
def test_a_passage_that_is_clicked_twice_opens_its_line(marked: Desk) -> None:
    passage = marked.letter().get_by_text("The first paragraph of the ferry.")
    passage.click()
    expect(marked.letter().locator("[data-desk~='chosen']")).to_have_count(1)
    expect(marked.page.locator("#chip")).to_be_visible()
    marked.page.locator("#chip-open").click()
    marked.toast(f"Opened {SLUG}.yaml:")
    marked.page.locator("#toast").evaluate("toast => (toast.hidden = true)")
    passage.click()
    marked.toast(f"Opened {SLUG}.yaml:")


def test_fix_mends_the_file_and_undo_brings_it_back(marked: Desk) -> None:
    before = marked.text
    found = remark(marked, "the the")
    found.get_by_role("button", name="Fix it").click()
    marked.toast("Mended")
    expect(marked.page.locator("#findings .remark", has_text="the the")).to_have_count(0)
    assert marked.text == before.replace("the the", "the")
    marked.settle()
    marked.page.keyboard.press("u")
    marked.toast("Taken back")
    found.wait_for()
    assert marked.text == before


@pytest.mark.proof("only")
def test_findings_are_walked_and_mended_with_keys(marked: Desk) -> None:
    before = marked.text
    marked.page.keyboard.press("j")
    current = marked.page.locator("#findings .remark[aria-current]")
    expect(current).to_have_count(1)
    assert marked.page.evaluate("document.activeElement.className") == "show"
    for _ in range(10):
        if "the the" in current.inner_text():
            break
        marked.page.keyboard.press("j")
    marked.page.keyboard.press("x")
    marked.toast("Mended")
    assert marked.text == before.replace("the the", "the")


@pytest.mark.proof("only")
def test_without_findings_the_list_says_what_was_done(fresh: Desk) -> None:
    fresh.save("Ada Sample", "Ada Sample / Harbour")
    fresh.open()
    if fresh.page.locator("#findings .remark").count() == 0:
        expect(fresh.page.locator("#findings .quiet")).to_contain_text("Every rule was run")
    fresh.page.keyboard.press("f")
    fresh.page.wait_for_url("**side=outline*")
    expect(fresh.page.locator("#findings")).to_be_hidden()
    fresh.page.locator("#verdict").click()
    expect(fresh.page.locator("#findings")).to_be_visible()
