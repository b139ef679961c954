"""A save shows in the same frame; whatever happens to the files or the server, the page goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.unit.preview.conftest import Serve, png
from tests.unit.preview.page.desk_page import ISSUE, SLUG, Desk, write_project

pytestmark = pytest.mark.browser

TOP = "document.getElementById('stage-1-letter').scrollTop"
KEEP = "document.querySelectorAll('iframe').forEach((f) => (f.kept = f.contentDocument))"
KEPT = "[...document.querySelectorAll('iframe')].every((f) => f.kept === f.contentDocument)"

OWN_RULE = '''
"""Never two at once."""

import pathlib
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "X01"
GROUP = Group.EDITORIAL
SEVERITY = Severity.INFO
TARGET = Target.ISSUE
HERE = pathlib.Path(__file__).parent.parent


def check(context: Context) -> Iterator[Problem]:
    busy = HERE / "busy"
    try:
        busy.touch(exist_ok=False)
    except FileExistsError:
        (HERE / "two-at-once").touch()
    for _ in range(200_000):
        pass
    busy.unlink(missing_ok=True)
    with (HERE / "checks").open("a") as file:
        file.write("one\\n")
    yield from ()
'''


def heading(desk: Desk, words: str, width: int = 640) -> Any:
    return desk.letter("letter", width).get_by_role("heading", name=words)


def test_a_save_shows_in_the_same_frames_and_the_scroll_is_kept(desk: Desk) -> None:
    desk.page.evaluate(f"{TOP} = 300")
    desk.page.evaluate(KEEP)
    desk.save("Night ferry returns", "Night ferry sails")
    heading(desk, "Night ferry sails").wait_for()
    heading(desk, "Night ferry sails", 375).wait_for()
    assert desk.page.evaluate(TOP) == 300
    assert desk.page.evaluate(KEPT)
    expect(desk.page.locator(".stop .go").nth(1)).to_have_text("Night ferry sails")


def test_what_changed_is_flashed_and_nothing_else(desk: Desk) -> None:
    desk.save("The first paragraph", "The very first paragraph")
    flashed = desk.letter().locator("[data-desk~='flash']")
    flashed.first.wait_for(state="attached")
    assert "The very first paragraph" in flashed.first.inner_text()
    assert flashed.count() == 1
    flashed.wait_for(state="detached")


@pytest.mark.proof("only")
def test_subject_weight_and_verdict_follow(desk: Desk) -> None:
    desk.save("The night ferry is back", "The boats are are back")
    desk.page.locator(".row-subject", has_text="The boats are are back").wait_for()
    desk.page.locator("#findings .remark", has_text="are are").first.wait_for()
    expect(desk.page.locator("#verdict")).not_to_have_text("No problems")
    desk.save("are are", "are")
    expect(desk.page.locator("#findings .remark", has_text="are are")).to_have_count(0)


@pytest.mark.proof("only")
def test_a_picture_that_is_replaced_is_shown(desk: Desk) -> None:
    picture = desk.letter().get_by_alt_text("A ferry at night")
    before = picture.get_attribute("src")
    path = desk.folder / "issues" / "pictures" / "ferry.png"
    kept = path.read_bytes()
    path.write_bytes(png((200, 40, 40)))
    try:
        desk.until(
            "document.querySelector('iframe').contentDocument.images[0].naturalWidth > 0 &&"
            "document.querySelector('iframe').contentDocument.images[0].getAttribute('src')"
            f" !== '{before}'"
        )
    finally:
        path.write_bytes(kept)


def test_a_broken_file_keeps_the_last_good_letter_under_a_bar_with_the_line(desk: Desk) -> None:
    desk.page.evaluate(KEEP)
    desk.save("preheader:", "preheadr:")
    alarm = desk.page.locator(".alarm")
    alarm.wait_for()
    assert "preheadr: A new timetable" in alarm.inner_text()
    assert "last version that worked" in alarm.inner_text()
    assert f"{SLUG}.yaml:3" in alarm.inner_text()
    expect(alarm.locator("mark").first).to_have_text("preheadr:")
    assert "error" in desk.page.locator("#verdict").inner_text()
    expect(desk.page.locator("#said")).to_contain_text("error")
    assert heading(desk, "Night ferry returns").is_visible()
    desk.save("preheadr:", "preheader:")
    alarm.wait_for(state="detached")
    assert desk.page.evaluate(KEPT)


@pytest.mark.proof("only")
def test_a_file_broken_from_the_start_becomes_a_letter_when_it_is_mended(fresh: Desk) -> None:
    path = fresh.folder / "issues" / "2026-11-21.yaml"
    path.write_text(ISSUE.replace("preheader:", "preheadr:"))
    fresh.page.goto(f"{fresh.running.base}/issue/2026-11-21")
    fresh.page.locator(".alarm").wait_for()
    fresh.page.get_by_role("heading", name="No letter yet").wait_for()
    path.write_text(ISSUE)
    heading(fresh, "Night ferry returns").wait_for()
    expect(fresh.page.locator(".alarm")).to_have_count(0)


@pytest.mark.proof("only")
def test_broken_settings_and_templates_are_said_in_the_bar(desk: Desk) -> None:
    settings = desk.folder / "newsletter.toml"
    right = settings.read_text()
    settings.write_text(right.replace('name = "The Harbour', "name = The Harbour"))
    desk.page.locator(".alarm", has_text="newsletter.toml").wait_for()
    settings.write_text(right)
    desk.page.locator(".alarm").wait_for(state="detached")
    template = desk.folder / "templates" / "default.mjml.j2"
    template.parent.mkdir()
    template.write_text("<mjml>{% endif %}</mjml>")
    desk.page.locator(".alarm", has_text="default.mjml.j2").wait_for()
    template.unlink()
    desk.page.locator(".alarm").wait_for(state="detached")


def test_a_deleted_issue_is_said_and_its_return_is_seen(desk: Desk) -> None:
    whole = desk.text
    desk.issue.unlink()
    desk.page.locator(".alarm", has_text=f"no issue {SLUG}").wait_for()
    desk.page.locator("#issue option", has_text="(gone)").wait_for(state="attached")
    assert heading(desk, "Night ferry returns").is_visible()
    desk.issue.write_text(whole)
    desk.page.locator(".alarm").wait_for(state="detached")


@pytest.mark.proof("only")
def test_the_page_follows_to_an_issue_that_is_created(desk: Desk) -> None:
    later = desk.folder / "issues" / "2026-11-27.yaml"
    text = ISSUE.replace(SLUG, "2026-11-27").replace("Night ferry returns", "A week later")
    later.write_text(text)
    desk.page.wait_for_url("**/issue/2026-11-27")
    heading(desk, "A week later").wait_for()
    expect(desk.page.get_by_label("Issue", exact=True).locator("option")).to_have_count(3)


@pytest.mark.proof("only")
def test_another_issue_is_chosen_in_the_list_or_by_a_key(desk: Desk) -> None:
    desk.page.get_by_label("Issue", exact=True).select_option(label="2026-11-13")
    desk.page.wait_for_url("**/issue/2026-11-13")
    desk.page.locator("#main").wait_for()
    desk.page.keyboard.press("[")
    desk.page.wait_for_url(f"**/issue/{SLUG}")
    desk.page.keyboard.press("]")
    desk.page.wait_for_url("**/issue/2026-11-13")


@pytest.mark.proof("only")
def test_a_save_by_rename_shows_in_the_same_frame(desk: Desk) -> None:
    desk.page.evaluate(KEEP)
    beside = desk.issue.with_name(f".{SLUG}.yaml.tmp")
    beside.write_text(desk.text.replace("Night ferry returns", "Saved by rename"))
    beside.replace(desk.issue)
    heading(desk, "Saved by rename").wait_for()
    assert desk.page.evaluate(KEPT)
    assert desk.page.url.endswith(SLUG)


def test_twenty_saves_in_a_second_end_with_the_last_and_never_two_checks_at_once(
    desk: Desk,
) -> None:
    (desk.folder / "lint").mkdir()
    (desk.folder / "lint" / "count.py").write_text(OWN_RULE)
    whole = desk.text
    for number in range(20):
        desk.issue.write_text(whole.replace("Night ferry returns", f"Edition {number}"))
        desk.page.wait_for_timeout(25)
    heading(desk, "Edition 19").wait_for()
    heading(desk, "Edition 19", 375).wait_for()
    desk.settle()
    assert not (desk.folder / "two-at-once").exists()
    assert 1 <= len((desk.folder / "checks").read_text().split()) <= 21


def test_a_stopped_server_is_said_and_its_next_run_is_found_with_the_scroll_kept(
    window: Any, project: Path, serve_project: Serve
) -> None:
    write_project(project)
    page = window()
    with serve_project(project) as running:
        desk = Desk(page, running, project)
        desk.open("?show=letter-640,letter-375")
        page.evaluate(f"{TOP} = 240")
        desk.until(f"{TOP} === 240")
    stopped = page.get_by_text("The preview has stopped")
    stopped.wait_for()
    assert heading(desk, "Night ferry returns").is_visible()
    desk.save("Night ferry returns", "Written meanwhile")
    with serve_project(project, running.port) as again:
        assert again.base != running.base
        heading(desk, "Written meanwhile").wait_for()
        expect(stopped).to_be_hidden()
        assert page.url.startswith(again.base)
        assert page.url.endswith("?show=letter-640,letter-375")
        desk.until(f"{TOP} === 240")
    write_project(project)


def test_an_answer_that_got_lost_is_asked_for_again(desk: Desk) -> None:
    lost: list[str] = []

    def lose_the_first(route: Any) -> None:
        if "newsletter-wait" in route.request.headers and not lost:
            lost.append(route.request.url)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    desk.page.route("**/issue/*", lose_the_first)
    desk.save("Seals on the quay", "Seals on the pier")
    desk.settle()
    assert lost
