"""The outbox: messages as their readers would get them, part by part."""

from __future__ import annotations

import mailbox
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.unit.preview.conftest import Serve
from tests.unit.preview.page.desk_page import Desk, write_project

pytestmark = pytest.mark.browser


def put(folder: Path, subject: str, to: str = "Zoë Sample <zoe@example.com>", at: int = 0) -> None:
    """A message in the Maildir, delivered as maildir(5) says: written to tmp, moved to new."""
    mail = EmailMessage()
    mail["From"] = "The Harbour Letter <letter@example.org>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = "Fri, 20 Nov 2026 12:00:00 +0000"
    mail.set_content("The letter as text.")
    mail.add_alternative(
        '<!doctype html><h1>As sent</h1><img src="cid:pic@x" alt="">', subtype="html"
    )
    part = mail.get_payload()[1]  # type: ignore[index]
    part.add_related(  # type: ignore[union-attr]
        (folder / "issues/pictures/ferry.png").read_bytes(), "image", "png", cid="<pic@x>"
    )
    mailbox.Maildir(folder / "outbox", create=True)
    name = f"{1_700_000_000 + at}.M5P1Q1.host"
    (folder / "outbox" / "tmp" / name).write_bytes(mail.as_bytes())
    (folder / "outbox" / "tmp" / name).rename(folder / "outbox" / "new" / name)


@pytest.fixture
def outbox(fresh: Desk) -> Desk:
    put(fresh.folder, "First proof")
    put(fresh.folder, "Second proof", "Ada <ada@example.com>", at=1)
    fresh.page.goto(f"{fresh.running.base}/outbox")
    fresh.page.get_by_role("heading", name="Second proof").wait_for()
    return fresh


def subjects(desk: Desk) -> list[str]:
    found: list[str] = desk.page.locator(".mails .subject").all_inner_texts()
    return found


def test_an_empty_outbox_says_so_and_shows_what_arrives(desk: Desk) -> None:
    desk.page.keyboard.press("o")
    desk.page.get_by_role("heading", name="The outbox is empty").wait_for()
    put(desk.folder, "First proof")
    desk.page.get_by_role("heading", name="First proof").wait_for()
    letter = desk.page.frame_locator("iframe")
    letter.get_by_role("heading", name="As sent").wait_for()
    desk.until("document.querySelector('iframe').contentDocument.images[0].naturalWidth === 600")
    put(desk.folder, "Second proof", at=1)
    desk.page.locator(".mails .subject", has_text="Second proof").wait_for()
    assert subjects(desk) == ["Second proof", "First proof"]


def test_a_message_is_opened_and_taken_apart(outbox: Desk) -> None:
    page = outbox.page
    page.get_by_role("link", name="First proof").click()
    page.get_by_role("heading", name="First proof").wait_for()
    page.get_by_role("link", name="Text", exact=True).click()
    expect(page.locator("pre.paper")).to_contain_text("The letter as text.")
    page.get_by_role("link", name="Headers").click()
    expect(page.locator("dl.headers")).to_contain_text("Zoë Sample <zoe@example.com>")
    page.locator(".choice").get_by_role("link", name="Source").click()
    page.locator(".row", has_text="Subject: First proof").wait_for()
    page.reload()
    page.locator(".row", has_text="Subject: First proof").wait_for()


@pytest.mark.proof("only")
def test_messages_are_searched_by_reader_and_subject(outbox: Desk) -> None:
    page = outbox.page
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("ada@")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=ada*")
    expect(page.locator(".mails .subject")).to_have_text(["Second proof"])
    page.locator("#search").fill("nothing like it")
    page.locator("#search").press("Enter")
    expect(page.locator(".mails .none")).to_contain_text("nothing like it")


@pytest.mark.proof("only")
def test_what_is_being_typed_stays_when_a_message_arrives(outbox: Desk) -> None:
    search = outbox.page.locator("#search")
    search.focus()
    outbox.page.keyboard.type("zo")
    put(outbox.folder, "Third proof", at=2)
    outbox.page.locator(".mails .subject", has_text="Third proof").wait_for()
    expect(search).to_have_value("zo")
    expect(search).to_be_focused()
    outbox.page.keyboard.type("e")
    expect(search).to_have_value("zoe")


@pytest.mark.proof("only")
def test_messages_are_walked_with_keys(outbox: Desk) -> None:
    outbox.page.keyboard.press("j")
    outbox.page.get_by_role("heading", name="First proof").wait_for()
    outbox.page.wait_for_load_state("domcontentloaded")  # then its scripts run
    outbox.page.keyboard.press("k")
    outbox.page.get_by_role("heading", name="Second proof").wait_for()
    outbox.page.wait_for_load_state("domcontentloaded")
    outbox.page.keyboard.press("i")
    outbox.page.wait_for_url(f"{outbox.running.base}/")


@pytest.mark.proof("only")
def test_the_outbox_finds_the_next_run_of_the_preview(
    window: Callable[..., Any], project: Path, serve_project: Serve
) -> None:
    write_project(project)
    put(project, "First proof")
    page = window()
    with serve_project(project) as running:
        page.goto(f"{running.base}/outbox?part=text")
        page.get_by_role("heading", name="First proof").wait_for()
    page.get_by_text("The preview has stopped").wait_for()
    with serve_project(project, running.port) as again:
        page.wait_for_url(f"{again.base}/outbox?part=text")
        page.get_by_role("heading", name="First proof").wait_for()
    write_project(project)
