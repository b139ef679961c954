"""Whatever an issue, a reader or a message says, no script runs and nothing leaves the machine."""

from __future__ import annotations

import mailbox
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.proof import cases
from tests.unit.preview.page.desk_page import Desk

pytestmark = pytest.mark.browser

RAN = "window.top.document.documentElement.dataset.ran = 'yes'"
SCRIPT = f'<script>{RAN}</script><img src=x onerror="{RAN}">'
QUERIES = (
    "",
    "?show=dark-375,outlook-dark-375,gmail-dark-375",
    "?show=no-images-640,no-styles-375",
    "?show=text,inbox",
    "?show=html,message",
    "?show=web-640",
)
HOSTILE_HTML = f"""<!doctype html><html><head><base href="https://evil.example.com/">
<meta http-equiv="refresh" content="0;url=https://evil.example.com/">
<script>{RAN}</script></head><body onload="{RAN}">
<h1>Hostile</h1><img src="x" onerror="{RAN}"><svg onload="{RAN}"><script>{RAN}</script></svg>
<iframe srcdoc="<script>{RAN.replace('"', "'")}</script>"></iframe>
<form action="https://evil.example.com/"><button>Send</button></form>
<a id="js" href="javascript:{RAN}">script</a> <a id="top" target="_top" href="https://evil.example.com/">top</a>
<a id="self" target="_self" href="https://evil.example.com/">self</a>
<img src="https://evil.example.com/pixel.gif"><p style="background:url(https://evil.example.com/y)">y</p>
<object data="https://evil.example.com/"></object><link rel="stylesheet" href="https://evil.example.com/x.css">
</body></html>"""


class Watch:
    """What the page asked for and did, from here on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.asked: list[str] = []
        self.stopped: list[str] = []
        self.said: list[str] = []
        page = desk.page
        page.on("requestfinished", lambda request: self.asked.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def _failed(self, request: Any) -> None:
        by_policy = request.failure in ("csp", "net::ERR_BLOCKED_BY_CSP")
        (self.stopped if by_policy else self.asked).append(request.url)

    def harmless(self) -> None:
        page = self._desk.page
        page.evaluate("new Promise((done) => setTimeout(done, 100))")
        assert page.evaluate("document.documentElement.dataset.ran") is None
        assert page.evaluate("window.ran") is None
        assert self.said == []
        local = (self._desk.running.base, "data:", "about:")
        assert [url for url in self.asked if not url.startswith(local)] == []
        for frame in page.locator("iframe").all():
            allowed = (frame.get_attribute("sandbox") or "").split()
            assert "allow-scripts" not in allowed
            assert frame.get_attribute("sandbox") is not None


@pytest.fixture
def hostile_issue(fresh: Desk) -> Desk:
    quoted = SCRIPT.replace("'", "''")
    fresh.save("The night ferry is back", f"'</title>{quoted}'")
    fresh.save("A new timetable, and a market hall without a name", f"'{quoted}'")
    fresh.save("headline: Night ferry returns", f"headline: '{quoted}'")
    fresh.save("alt: A ferry at night", f"alt: '\" onload=\"{quoted}'")
    fresh.save("The first paragraph of the ferry.", f"{SCRIPT} <b>bold</b>")
    fresh.save("(https://example.org/timetable)", "(javascript:alert(1))")
    fresh.save("Bring a chair.", "![x](https://evil.example.com/pixel.gif)")
    return fresh


def test_a_hostile_issue_runs_nothing_in_any_view(hostile_issue: Desk) -> None:
    desk = hostile_issue
    watch = Watch(desk)
    for query in QUERIES:
        desk.page.goto(desk.address(query), wait_until="domcontentloaded")
        desk.digest()
        desk.until("!('checking' in document.body.dataset)")
        watch.harmless()
    assert desk.page.locator(".alarm script, .glance img, .outline img").count() == 0


@pytest.mark.proof("only")
def test_a_hostile_issue_is_worked_on_without_harm(hostile_issue: Desk) -> None:
    desk = hostile_issue
    watch = Watch(desk)
    desk.page.goto(desk.address(), wait_until="domcontentloaded")
    if desk.page.locator(".alarm").count():
        watch.harmless()
        return
    desk.settle()
    for button in desk.page.locator(".stop .go").all():
        button.click()
    for found in desk.page.locator("#findings .remark").all():
        found.hover()
    subject = desk.page.locator(".row-subject")
    subject.dblclick()
    expect(desk.page.locator("#edit-text")).to_have_value("</title>" + SCRIPT)
    desk.page.keyboard.type("x")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#edit")).to_be_hidden()
    watch.harmless()


def test_pictures_of_other_hosts_are_fetched_only_when_asked(fresh: Desk) -> None:
    template = fresh.folder / "templates" / "default.mjml.j2"
    template.parent.mkdir()
    template.write_text(
        "<mjml><mj-body><mj-section><mj-column><mj-text><h2>Remote</h2></mj-text>"
        '<mj-image src="https://evil.example.com/pixel.gif" alt="a pixel" />'
        "</mj-column></mj-section></mj-body></mjml>"
    )
    tried: list[str] = []

    def refuse(route: Any) -> None:
        tried.append(route.request.url)
        route.abort()

    fresh.page.route("https://evil.example.com/**", refuse)
    fresh.page.goto(fresh.address("?show=letter-640"), wait_until="domcontentloaded")
    fresh.letter().get_by_role("heading", name="Remote").wait_for()
    notice = fresh.page.locator("#alarm .notice")
    expect(notice).to_contain_text("1 picture of other hosts is not shown")
    assert tried == []
    notice.get_by_role("link", name="Fetch it now").click()
    fresh.page.wait_for_url("**remote=1*")
    fresh.letter().get_by_role("heading", name="Remote").wait_for()
    while not tried:
        fresh.page.wait_for_timeout(20)


NAMES = [
    '"><img src=x onerror="top.document.documentElement.dataset.ran=1">',
    "{{7*7}}<script>top.document.documentElement.dataset.ran=1</script>",
    "</style><script>top.document.documentElement.dataset.ran=1</script>",
    "${7*7} <%= 7*7 %> javascript:alert(1)",
]


@pytest.mark.proof
@pytest.mark.parametrize("name", cases(NAMES[:1], NAMES))
def test_a_hostile_reader_runs_nothing_and_stays_text(fresh: Desk, name: str) -> None:
    watch = Watch(fresh)
    fresh.open(f"?with.name={quote(name)}")
    fresh.letter().get_by_text(name, exact=False).first.wait_for()
    watch.harmless()
    fresh.open(f"?show=text&with.name={quote(name)}")
    assert name in fresh.page.locator("pre.paper").inner_text().replace("\n", " ")
    assert fresh.page.locator("#as-reader").inner_text() == name
    watch.harmless()


def hostile_message(desk: Desk) -> str:
    mail = EmailMessage()
    mail["Subject"] = SCRIPT
    mail["To"] = f'"{SCRIPT.replace(chr(34), "")}" <reader@example.com>'
    mail.set_content(SCRIPT)
    mail.add_alternative(HOSTILE_HTML, subtype="html")
    return mailbox.Maildir(desk.folder / "outbox", create=True).add(mail.as_bytes())


def test_a_hostile_message_runs_nothing_and_stays_in_its_frame(fresh: Desk) -> None:
    # Chromium fires no "load" for some hostile frames: nothing waits for it.
    hostile_message(fresh)
    page, watch = fresh.page, Watch(fresh)
    outbox = f"{fresh.running.base}/outbox"
    for part in ("html", "text", "headers", "source"):
        page.goto(f"{outbox}?part={part}", wait_until="domcontentloaded")
        watch.harmless()
    page.goto(outbox, wait_until="domcontentloaded")
    frame = page.frame_locator("iframe").first
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


def test_a_letter_opened_by_itself_runs_nothing(fresh: Desk) -> None:
    mail = EmailMessage()
    mail.set_content(HOSTILE_HTML.replace("http-equiv", "x"), subtype="html")
    key = mailbox.Maildir(fresh.folder / "outbox", create=True).add(mail.as_bytes())
    watch = Watch(fresh)
    address = f"{fresh.running.base}/outbox/{key}/letter.html"
    fresh.page.goto(address, wait_until="domcontentloaded")
    fresh.page.get_by_role("heading", name="Hostile").wait_for()
    fresh.page.wait_for_timeout(100)
    assert fresh.page.evaluate("document.documentElement.dataset.ran") is None
    local = (fresh.running.base, "data:", "about:")
    assert [url for url in watch.asked if not url.startswith(local)] == []
