"""A reader's whole way, in a browser: subscribe, confirm, get a letter, leave, get no more."""

from __future__ import annotations

import email
import email.policy
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.conftest import Desk
from tests.smtp import Copy, RealServer, free_port

ADDRESS = "zq-canary-7@example.com"
PUBLIC = "https://news.example.org/letter"
"""Where the pages are for readers, behind a proxy; the tests stand in for it."""


@contextmanager
def serving(desk: Desk, environment: dict[str, str]) -> Iterator[str]:
    """``newsletter serve``; yields where its pages are."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/letter"
    process = desk.start("serve", "--port", str(port), env=environment)
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline().startswith("Serving")
    lines: list[str] = []
    reading = threading.Thread(target=lambda: lines.extend(process.stderr or []))
    reading.start()
    try:
        yield base
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        reading.join(20)
        process.stdout.close()
        process.stderr.close()
        if process.stdin:
            process.stdin.close()
    (desk.folder / "log").write_text("".join(lines))


def nth_mail(relay: RealServer, number: int) -> EmailMessage:
    deadline = time.monotonic() + 30
    while len(relay.inbox.copies) <= number:
        assert time.monotonic() < deadline, "no mail came"
        time.sleep(0.02)
    return parsed(relay.inbox.copies[number])


def parsed(copy: Copy) -> EmailMessage:
    message = email.message_from_bytes(copy.data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def link(mail: EmailMessage, place: str, base: str) -> str:
    """A link in a mail, led to the server of the test."""
    part = mail.get_body(("plain",))
    assert part is not None
    found = re.search(rf"{PUBLIC}(/{place}/[a-z0-9]+)", part.get_content())
    assert found, part.get_content()
    return base + found[1]


@pytest.fixture(params=[False, True], ids=["without JavaScript", "with JavaScript"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    asked: list[str] = []
    opened.on("request", lambda each: asked.append(each.url))
    yield opened
    assert context.cookies() == []
    assert all(url.startswith(("http://127.0.0.1:", "data:")) for url in asked)
    context.close()


@pytest.mark.browser
def test_a_reader_subscribes_gets_a_letter_and_leaves(
    desk: Desk, relay: RealServer, through: Callable[[int], dict[str, str]], page: Page
) -> None:
    environment = {**through(relay.port), "NEWSLETTER_BASE_URL": PUBLIC}
    with serving(desk, environment) as base:
        page.goto(base)
        page.get_by_label("Your email address").fill(ADDRESS)
        time.sleep(1.1)  # nobody types an address sooner
        page.get_by_role("button", name="Subscribe").click()
        assert page.get_by_role("heading").inner_text() == "Look into your mailbox"

        page.goto(link(nth_mail(relay, 0), "confirm", base))
        page.get_by_role("button", name="Yes, I want to get them").click()
        assert page.get_by_role("heading").inner_text() == "You are subscribed"

        assert send(desk, environment).returncode == 0
        letter = nth_mail(relay, 1)
        page.goto(link(letter, "unsubscribe", base))
        page.get_by_role("button", name="Unsubscribe").click()
        assert page.get_by_role("heading").inner_text() == "You are unsubscribed"

        send(desk, environment, "--again")
        assert len(relay.inbox.copies) == 2
        forgotten = desk.start("subscribers", "forget", ADDRESS, "--yes")
        out, err = forgotten.communicate(timeout=60)
        assert forgotten.returncode == 0, (out, err)
    nowhere(desk, ADDRESS)


def send(
    desk: Desk, environment: dict[str, str], *options: str
) -> subprocess.CompletedProcess[str]:
    process = desk.start("send", "--yes", *options, env=environment)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return subprocess.CompletedProcess([], process.returncode, out, err)


def nowhere(desk: Desk, address: str) -> None:
    """An address stands in no file of the newsletter: not in the log, not in the database."""
    for file in desk.folder.rglob("*"):
        if file.is_file():
            assert address.encode() not in file.read_bytes().lower(), file
