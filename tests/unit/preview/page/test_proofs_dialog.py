"""A proof by mail: sent through the project's transport, addresses remembered and forgotten."""

from __future__ import annotations

import email
import email.policy
import mailbox
from email.utils import parseaddr
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.unit.preview.page.desk_page import Desk

pytestmark = pytest.mark.browser


def dialog(desk: Desk) -> Any:
    desk.page.keyboard.press("p")
    shown = desk.page.get_by_role("dialog", name="Send a proof")
    expect(shown.get_by_label("To", exact=True)).to_be_focused()
    return shown


def sent(desk: Desk) -> list[Any]:
    box = mailbox.Maildir(desk.folder / "outbox")
    return [
        email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
        for key in box.keys()  # noqa: SIM118 - a mailbox iterates over its messages
    ]


def test_a_proof_is_sent_remembered_and_its_address_forgotten(desk: Desk) -> None:
    shown = dialog(desk)
    shown.get_by_label("To", exact=True).fill("desk@example.org, second@example.org")
    shown.get_by_role("button", name="Send", exact=True).click()
    outcomes = shown.locator("#proof-outcomes li")
    expect(outcomes).to_have_count(2)
    expect(outcomes.first).to_contain_text("desk@example.org: handed to")
    proofs = sent(desk)
    to = sorted(parseaddr(proof["To"])[1] for proof in proofs)
    assert to == ["desk@example.org", "second@example.org"]
    for proof in proofs:
        assert "The night ferry is back" in proof["Subject"]
        assert proof["Subject"] != "The night ferry is back"
        assert {part.get_content_type() for part in proof.walk()} >= {"text/plain", "text/html"}

    desk.page.keyboard.press("Escape")
    desk.open()
    shown = dialog(desk)
    known = shown.locator("#proof-known li")
    expect(known).to_have_count(2)
    expect(shown.get_by_label("To", exact=True)).to_have_value("desk@example.org")
    shown.get_by_role("button", name="second@example.org", exact=True).click()
    expect(shown.get_by_label("To", exact=True)).to_have_value("second@example.org")
    shown.get_by_role("button", name="Remember second@example.org no more").click()
    expect(known).to_have_count(1)
    desk.open()
    shown = dialog(desk)
    expect(shown.locator("#proof-known")).not_to_contain_text("second@example.org")


@pytest.mark.proof("only")
def test_an_address_that_is_none_is_said_and_what_was_typed_stays(desk: Desk) -> None:
    shown = dialog(desk)
    to = shown.get_by_label("To", exact=True)
    to.fill("no address")
    to.press("Enter")
    problem = shown.get_by_role("alert")
    expect(problem).to_contain_text("typing mistake")
    expect(to).to_have_value("no address")
    assert sent(desk) == []
    to.fill("desk@example.org")
    to.press("Enter")
    expect(shown.locator("#proof-outcomes li")).to_have_count(1)
    expect(problem).to_be_hidden()


@pytest.mark.proof("only")
def test_a_broken_issue_sends_no_proof(desk: Desk) -> None:
    desk.save("preheader:", "preheadr:")
    desk.page.locator(".alarm").wait_for()
    shown = dialog(desk)
    shown.get_by_label("To", exact=True).fill("desk@example.org")
    shown.get_by_role("button", name="Send", exact=True).click()
    expect(shown.get_by_role("alert")).to_contain_text("Mend it first")
    assert sent(desk) == []


@pytest.mark.proof("only")
def test_a_server_that_takes_no_mail_is_said(desk: Desk) -> None:
    settings = desk.folder / "newsletter.toml"
    settings.write_text(settings.read_text() + 'transport = "smtp://127.0.0.1:9"\n')
    desk.save("Seals on the quay", "Seals")
    desk.letter().get_by_role("heading", name="Seals").wait_for()
    desk.settle()
    shown = dialog(desk)
    shown.get_by_label("To", exact=True).fill("desk@example.org")
    shown.get_by_role("button", name="Send", exact=True).click()
    shown.locator(".error, .problem:visible").first.wait_for()
    expect(shown.get_by_role("button", name="Send", exact=True)).to_be_enabled()


@pytest.mark.proof("only")
def test_escape_closes_and_the_focus_goes_back(desk: Desk) -> None:
    button = desk.page.locator("#proof")
    button.focus()
    button.press("Enter")
    desk.page.get_by_role("dialog", name="Send a proof").wait_for()
    desk.page.keyboard.press("Escape")
    expect(button).to_be_focused()
