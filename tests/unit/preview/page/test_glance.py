"""What is seen without a click: verdict, inbox row, weight, contents, minutes, the clip line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.unit.preview.conftest import PARAGRAPH
from tests.unit.preview.page.desk_page import Desk

pytestmark = pytest.mark.browser


def test_the_line_at_a_glance_says_all_in_words(desk: Desk) -> None:
    glance = desk.page.locator("#glance")
    expect(glance.locator(".row-from")).to_have_text("The Harbour Letter")
    expect(glance.locator(".row-subject")).to_have_text("The night ferry is back")
    expect(glance.locator(".row-preheader")).to_contain_text("A new timetable")
    said = " ".join(glance.locator(".facts").inner_text().split())
    assert re.search(r"\d+ KB of 102 KB", said)
    assert re.search(r"\d+ links, 1 picture\b", said)
    assert re.search(r"\d+ min to read", said)
    verdict = desk.page.locator("#verdict").inner_text()
    assert re.fullmatch(r"No problems|\d+ (error|warning|note)s?(, \d+ (warning|note)s?)*", verdict)


def test_a_check_that_cannot_run_is_never_taken_for_a_pass(desk: Desk) -> None:
    (desk.folder / "lint").mkdir()
    (desk.folder / "lint" / "torn.py").write_text("this is no Python")
    verdict = desk.page.locator("#verdict")
    expect(verdict).to_contain_text("could not run", timeout=20_000)
    expect(desk.page.locator("#findings")).to_contain_text("nothing is known to be right")
    (desk.folder / "lint" / "torn.py").unlink()
    expect(verdict).not_to_contain_text("could not run", timeout=20_000)


@pytest.mark.proof("only")
def test_the_height_of_the_window_belongs_to_the_letter(desk: Desk) -> None:
    frame = desk.page.locator("iframe").first.bounding_box()
    assert frame["y"] <= 125
    pane = desk.page.locator(".panes").bounding_box()
    assert pane["y"] + pane["height"] == 900


def test_a_letter_that_gmail_would_cut_off_has_a_line_at_that_place(fresh: Desk) -> None:
    long = "".join(f"      Paragraph number {n}. {PARAGRAPH}\n\n" for n in range(330))
    fresh.save("      - Bring a chair.\n", long + "      - Bring a chair.\n")
    fresh.open("?show=letter-640,text")
    expect(fresh.page.locator(".facts .room")).to_contain_text("cut off by Gmail")
    cut = fresh.page.locator(".cut")
    expect(cut).to_have_text("Gmail cuts the letter off here")
    # What stands above the line is what fits into 102 KB of the part as it travels.
    sizes = fresh.page.evaluate(
        """() => {
          const frame = document.querySelector("iframe");
          const body = frame.contentDocument.body;
          const all = [...body.getElementsByTagName("*")];
          const at = Number(document.body.dataset.cut);
          const line = document.querySelector(".cut").getBoundingClientRect().top;
          const top = frame.getBoundingClientRect().top
            + all[at].getBoundingClientRect().top * Number(frame.dataset.scale);
          return { line, top, before: all[at - 1].textContent, of: all.length, at };
        }"""
    )
    assert sizes["line"] == pytest.approx(sizes["top"], abs=2)
    assert 0.5 * sizes["of"] < sizes["at"] < sizes["of"]
    fresh.save(long, "")
    expect(cut).to_have_count(0)
    expect(fresh.page.locator(".facts .room")).to_contain_text("room for about")


@pytest.mark.proof("only")
def test_the_line_stays_where_it_is_when_the_screen_gets_narrower(fresh: Desk) -> None:
    long = "".join(f"      Paragraph number {n}. {PARAGRAPH}\n\n" for n in range(330))
    fresh.save("      - Bring a chair.\n", long + "      - Bring a chair.\n")
    fresh.open("?show=letter-640")
    fresh.page.locator(".cut").wait_for(state="attached")
    fresh.pane().locator(".width").select_option("320")
    fresh.until(
        """(() => {
          const frame = document.querySelector("iframe");
          const all = frame.contentDocument.body.getElementsByTagName("*");
          const top = frame.getBoundingClientRect().top
            + all[Number(document.body.dataset.cut)].getBoundingClientRect().top
            * Number(frame.dataset.scale);
          return Math.abs(document.querySelector(".cut").getBoundingClientRect().top - top) < 2;
        })()"""
    )
