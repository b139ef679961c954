"""Whatever an issue, a reader or a message says, no script runs and nothing leaves the machine."""

from __future__ import annotations

import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from newsletter.delivery.message import Recipient

pytestmark = pytest.mark.browser

RAN = "window.top.document.documentElement.dataset.ran = 'yes'"
SCRIPT = f'<script>{RAN}</script><img src=x onerror="{RAN}">'
TABS = ("letter", "text", "source", "source?part=message", "findings", "outbox")

HOSTILE_HTML = f"""<!doctype html><html><head><base href="https://evil.example.com/">
<meta http-equiv="refresh" content="0;url=https://evil.example.com/">
<script>{RAN}</script></head><body onload="{RAN}">
<h1>Hostile</h1><img src="x" onerror="{RAN}"><svg onload="{RAN}"><script>{RAN}</script></svg>
<iframe srcdoc="<script>{RAN.replace('"', "'")}</script>"></iframe>
<form action="https://evil.example.com/"><button>Send</button></form>
<a id="js" href="javascript:{RAN}">script</a> <a id="top" target="_top" href="https://evil.example.com/">top</a>
<a id="self" target="_self" href="https://evil.example.com/">self</a>
<object data="https://evil.example.com/"></object><link rel="stylesheet" href="https://evil.example.com/x.css">
</body></html>"""


# Pages with hostile frames in them are not waited for until "load": Chromium fires none for some.


def watch_requests(page: Any) -> list[str]:
    """Addresses that are asked for from here on, but those that a policy stopped in time."""
    asked: list[str] = []

    def failed(request: Any) -> None:
        if request.failure != "csp":
            asked.append(request.url)

    page.on("requestfinished", lambda request: asked.append(request.url))
    page.on("requestfailed", failed)
    return asked


def assert_harmless(page: Any, asked: list[str], base: str) -> None:
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.dataset.ran") is None
    assert [url for url in asked if not url.startswith((base, "data:", "about:"))] == []


def test_a_hostile_issue_runs_nothing(page: Any, running: Any, issue: Path) -> None:
    text = issue.read_text()
    text = text.replace("The night ferry is back", "'</title>" + SCRIPT.replace("'", "''") + "'")
    text = text.replace("Night ferry returns", "'" + SCRIPT.replace("'", "''") + "'")
    text = text.replace(
        "[The timetable](https://example.org/timetable)", "[click](javascript:alert(1)) &lt;b&gt;"
    )
    issue.write_text(text)
    asked = watch_requests(page)
    for tab in TABS:
        page.goto(running.address.removesuffix("letter") + tab)
        assert_harmless(page, asked, running.base)


@pytest.mark.parametrize(
    "name",
    [
        "{{7*7}}<script>top.document.documentElement.dataset.ran=1</script>",
        '"><img src=x onerror="top.document.documentElement.dataset.ran=1">',
        "</style><script>top.document.documentElement.dataset.ran=1</script>",
        "${7*7} <%= 7*7 %> javascript:alert(1)",
    ],
)
def test_a_hostile_reader_runs_nothing_and_stays_text(page: Any, serve: Any, name: str) -> None:
    reader = Recipient("reader@example.org", 'to"ken<script>', {"name": name})
    with serve(reader=reader) as running:
        asked = watch_requests(page)
        page.goto(running.address)
        shown = page.frame_locator("iframe.desktop").get_by_text(name, exact=False)
        shown.first.wait_for()
        assert_harmless(page, asked, running.base)
        page.goto(running.address.removesuffix("letter") + "text")
        assert name in page.locator("pre.paper").inner_text().replace("\n", " ")
        assert_harmless(page, asked, running.base)


def test_a_hostile_message_runs_nothing_and_stays_in_its_frame(
    page: Any, running: Any, folder: Path
) -> None:
    mail = EmailMessage()
    mail["Subject"] = SCRIPT
    mail["To"] = f'"{SCRIPT.replace(chr(34), "")}" <reader@example.com>'
    mail.set_content(SCRIPT)
    mail.add_alternative(HOSTILE_HTML, subtype="html")
    box = mailbox.Maildir(folder / "outbox", create=True)
    box.add(mail.as_bytes())
    asked = watch_requests(page)
    outbox = running.address.removesuffix("letter") + "outbox"
    for part in ("html", "text", "headers", "source"):
        page.goto(f"{outbox}?part={part}", wait_until="domcontentloaded")
        assert_harmless(page, asked, running.base)
    page.goto(outbox, wait_until="domcontentloaded")
    frame = page.frame_locator("iframe.desktop")
    frame.get_by_role("heading", name="Hostile").wait_for()
    frame.locator("#js").click()
    frame.get_by_role("button", name="Send").click()
    for link in ("#top", "#self"):
        with page.context.expect_page() as opened:
            frame.locator(link).click()
        assert opened.value.evaluate("window.opener") is None
    frame.get_by_role("heading", name="Hostile").wait_for()
    assert page.url == outbox
    assert page.evaluate("document.documentElement.dataset.ran") is None


def test_the_letter_opened_by_itself_runs_nothing(page: Any, running: Any, folder: Path) -> None:
    mail = EmailMessage()
    mail.set_content(HOSTILE_HTML.replace("http-equiv", "x"), subtype="html")
    key = mailbox.Maildir(folder / "outbox", create=True).add(mail.as_bytes())
    asked = watch_requests(page)
    page.goto(f"{running.base}/outbox/{key}/letter.html", wait_until="domcontentloaded")
    page.get_by_role("heading", name="Hostile").wait_for()
    assert_harmless(page, asked, running.base)
