"""What an editor sees and does, in a real browser."""

from __future__ import annotations

import sys
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

TOP = "document.getElementById('pane-desktop').scrollTop"
PICTURE = "document.querySelector('iframe.desktop').contentDocument?.images[0]"


@pytest.fixture
def desk(page: Any, running: Any) -> Any:
    """The page of the latest issue, letter shown."""
    page.goto(running.address)
    letter(page).get_by_text("Night ferry returns").first.wait_for()
    return page


def letter(page: Any, width: str = "desktop") -> Any:
    return page.frame_locator(f"iframe.{width}")


def until(page: Any, expression: str) -> None:
    """Wait for something in the page; Playwright's own way is stopped by the page's policy."""
    give_up = time.monotonic() + 15
    while not page.evaluate(expression):
        assert time.monotonic() < give_up, f"never came true: {expression}"
        page.wait_for_timeout(20)


def save(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def put_message(folder: Path, subject: str, name: str = "1700000000.M5P1Q1.host") -> None:
    import mailbox

    mail = EmailMessage()
    mail["From"] = "The Harbour Letter <letter@example.org>"
    mail["To"] = "Zoë Sample <zoe@example.com>"
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
    (folder / "outbox" / "tmp" / name).write_bytes(mail.as_bytes())
    (folder / "outbox" / "tmp" / name).rename(folder / "outbox" / "new" / name)


def test_the_letter_stands_at_both_widths_under_its_inbox_row(desk: Any) -> None:
    for width, pixels in (("desktop", 640), ("phone", 375)):
        body = letter(desk, width).locator("body")
        assert body.evaluate("body => body.ownerDocument.defaultView.innerWidth") == pixels
    assert desk.locator(".row-from").inner_text() == "The Harbour Letter"
    assert desk.locator(".row-subject").inner_text() == "The night ferry is back"
    assert "A new timetable" in desk.locator(".row-preheader").inner_text()
    assert "of 102 KB as sent" in desk.locator(".weight").inner_text()
    assert desk.locator(".verdict").inner_text()


def test_the_height_of_the_window_is_the_letters(desk: Any) -> None:
    frame = desk.locator("iframe.desktop").bounding_box()
    assert frame["y"] <= 125
    pane = desk.locator("#pane-desktop").bounding_box()
    assert pane["y"] + pane["height"] == 900


def test_embedded_pictures_are_shown(desk: Any) -> None:
    picture = letter(desk).get_by_alt_text("A ferry at night")
    until(desk, PICTURE + "?.complete")
    assert picture.evaluate("image => image.naturalWidth") > 0


def test_one_width_at_will_and_it_survives_a_reload(desk: Any) -> None:
    desk.get_by_role("link", name="Phone").click()
    desk.locator("iframe.phone").wait_for()
    assert desk.locator("iframe.desktop").count() == 0
    desk.get_by_role("link", name="Plain text").click()
    desk.get_by_role("link", name="Letter", exact=True).click()
    desk.reload()
    desk.locator("iframe.phone").wait_for()
    assert desk.locator("iframe.desktop").count() == 0
    assert "show=phone" in desk.url


def test_a_save_is_shown_in_the_same_frame_and_the_scroll_is_kept(desk: Any, issue: Path) -> None:
    desk.evaluate(f"{TOP} = 500")
    desk.evaluate("document.querySelector('iframe.desktop').kept = true")
    started = time.perf_counter()
    save(issue, "Night ferry returns", "Night ferry sails")
    letter(desk).get_by_role("heading", name="Night ferry sails").wait_for()
    sys.stdout.write(f"save to screen: {1000 * (time.perf_counter() - started):.0f} ms\n")
    letter(desk, "phone").get_by_role("heading", name="Night ferry sails").wait_for()
    assert desk.evaluate(TOP) == 500
    assert desk.evaluate("document.querySelector('iframe.desktop').kept") is True


def test_the_subject_above_the_letter_follows_too(desk: Any, issue: Path) -> None:
    save(issue, "The night ferry is back", "The boats are back")
    desk.locator(".row-subject", has_text="The boats are back").wait_for()


def test_a_picture_that_is_replaced_is_shown(desk: Any, folder: Path) -> None:
    before = letter(desk).get_by_alt_text("A ferry at night").get_attribute("src")
    picture = folder / "issues" / "pictures" / "ferry.png"
    from PIL import Image

    Image.new("RGB", (600, 200), (200, 40, 40)).save(picture)
    until(desk, f"({PICTURE}?.getAttribute('src') ?? '{before}') !== '{before}'")


def test_twenty_saves_at_once_end_with_the_last(desk: Any, issue: Path) -> None:
    whole = issue.read_text()
    for number in range(20):
        issue.write_text(whole.replace("Night ferry returns", f"Edition {number}"))
        time.sleep(0.02)
    letter(desk).get_by_role("heading", name="Edition 19").wait_for()


def test_a_save_by_rename_is_shown(desk: Any, issue: Path) -> None:
    beside = issue.with_name(".2026-11-20.yaml.tmp")
    beside.write_text(issue.read_text().replace("Night ferry returns", "Saved by rename"))
    beside.replace(issue)
    letter(desk).get_by_role("heading", name="Saved by rename").wait_for()


def test_a_broken_file_keeps_the_letter_under_a_bar_until_it_is_mended(
    desk: Any, issue: Path
) -> None:
    save(issue, "preheader:", "preheadr:")
    alarm = desk.locator(".alarm")
    alarm.wait_for()
    assert "preheadr: A new timetable" in alarm.inner_text()
    assert "last version that worked" in alarm.inner_text()
    assert "error" in desk.locator(".verdict").inner_text()
    assert "error" in desk.get_by_role("status").inner_text()
    assert letter(desk).get_by_role("heading", name="Night ferry returns").is_visible()
    save(issue, "preheadr:", "preheader:")
    alarm.wait_for(state="detached")


def test_a_file_broken_from_the_start_says_so_and_becomes_a_letter(
    page: Any, running: Any, issue: Path
) -> None:
    save(issue, "preheader:", "preheadr:")
    page.goto(running.address)
    page.locator(".alarm").wait_for()
    page.get_by_role("heading", name="No letter yet").wait_for()
    save(issue, "preheadr:", "preheader:")
    letter(page).get_by_role("heading", name="Night ferry returns").wait_for()
    assert page.locator(".alarm").count() == 0


def test_broken_settings_and_templates_are_said_in_the_bar(desk: Any, folder: Path) -> None:
    save(folder / "newsletter.toml", 'name = "The Harbour', "name = The Harbour")
    desk.locator(".alarm", has_text="newsletter.toml").wait_for()
    save(folder / "newsletter.toml", "name = The Harbour", 'name = "The Harbour')
    desk.locator(".alarm").wait_for(state="detached")
    (folder / "templates").mkdir()
    (folder / "templates" / "default.mjml.j2").write_text("<mjml>{% endif %}</mjml>")
    desk.locator(".alarm", has_text="default.mjml.j2").wait_for()
    (folder / "templates" / "default.mjml.j2").unlink()
    desk.locator(".alarm").wait_for(state="detached")


def test_a_deleted_issue_and_its_return_are_survived(desk: Any, issue: Path) -> None:
    whole = issue.read_text()
    issue.unlink()
    desk.locator(".alarm", has_text="no issue 2026-11-20").wait_for()
    desk.locator("#issue option", has_text="(gone)").wait_for(state="attached")
    issue.write_text(whole)
    desk.locator(".alarm").wait_for(state="detached")


def test_a_new_issue_is_in_the_chooser_and_can_be_chosen(desk: Any, issue: Path) -> None:
    later = issue.with_name("2026-11-27.yaml")
    later.write_text(
        issue.read_text()
        .replace("2026-11-20", "2026-11-27")
        .replace("Night ferry returns", "A week later")
    )
    desk.locator("#issue option", has_text="2026-11-27").wait_for(state="attached")
    desk.get_by_label("Issue", exact=True).select_option(label="2026-11-27")
    letter(desk).get_by_role("heading", name="A week later").wait_for()
    assert "/issue/2026-11-27/letter" in desk.url


def test_findings_show_the_line_and_the_worst_first(desk: Any, issue: Path) -> None:
    save(issue, "story: market", "story: markt")
    desk.get_by_role("link", name="Findings").click()
    desk.locator(".remark", has_text="story: markt").first.wait_for()
    first = desk.locator(".remark").first
    assert first.locator(".severity").inner_text() == "Error"
    assert "2026-11-20.yaml:" in first.locator(".where").inner_text()
    save(issue, "story: markt", "story: market")
    desk.locator(".remark", has_text="story: markt").wait_for(state="detached")


def test_text_and_source_are_shown_as_sent_and_follow_saves(desk: Any, issue: Path) -> None:
    desk.get_by_role("link", name="Plain text").click()
    text = desk.locator("pre.paper")
    assert "Hello Alex Example" in text.inner_text()
    save(issue, "The market hall\n", "The market roof\n")
    desk.locator("pre.paper", has_text="market roof").wait_for()
    desk.get_by_role("link", name="Source").click()
    assert desk.locator(".row").first.inner_text().lower().startswith("<!doctype html")
    desk.get_by_role("link", name="Message").click()
    desk.locator(".row", has_text="Subject: The night ferry is back").wait_for()
    desk.reload()
    desk.locator(".row", has_text="List-Unsubscribe:").first.wait_for()


def test_messages_in_the_outbox_are_shown_as_sent(desk: Any, folder: Path) -> None:
    desk.get_by_role("link", name="Outbox").click()
    desk.get_by_role("heading", name="The outbox is empty").wait_for()
    put_message(folder, "First proof")
    desk.get_by_role("heading", name="First proof").wait_for()
    sent = letter(desk)
    sent.get_by_role("heading", name="As sent").wait_for()
    until(desk, PICTURE + "?.naturalWidth === 600")
    put_message(folder, "Second proof", "1700000001.M5P1Q1.host")
    desk.locator(".mails .subject", has_text="Second proof").wait_for()
    assert desk.locator(".mails .subject").all_inner_texts() == ["Second proof", "First proof"]
    desk.get_by_role("link", name="First proof").click()
    desk.get_by_role("link", name="Text", exact=True).click()
    assert "The letter as text." in desk.locator("pre.paper").inner_text()
    desk.get_by_role("link", name="Headers").click()
    assert "Zoë Sample <zoe@example.com>" in desk.locator("dl.headers").inner_text()
    desk.locator(".choice").get_by_role("link", name="Source").click()
    desk.locator(".row", has_text="Subject: First proof").wait_for()


def test_a_stopped_server_is_said_and_found_again(page: Any, serve: Any, issue: Path) -> None:
    with serve() as running:
        page.goto(running.address)
        letter(page).get_by_role("heading", name="Night ferry returns").wait_for()
    page.get_by_text("The preview has stopped").wait_for()
    save(issue, "Night ferry returns", "Written meanwhile")
    with serve(port=running.port):
        page.get_by_text("The preview has stopped").wait_for(state="hidden")
        letter(page).get_by_role("heading", name="Written meanwhile").wait_for()


def test_a_link_in_the_letter_never_replaces_it(desk: Any) -> None:
    with desk.context.expect_page() as opened:
        letter(desk).get_by_role("link", name="The timetable").click()
    assert opened.value is not desk
    assert letter(desk).get_by_role("heading", name="Night ferry returns").is_visible()
    top = desk.evaluate(TOP)
    letter(desk).get_by_role("link", name="The market hall needs a name").click()
    until(desk, f"{TOP} > {top}")
    assert len(desk.context.pages) == 2


def test_everything_can_be_reached_with_the_keyboard(desk: Any) -> None:
    reached = []
    for _ in range(16):
        desk.keyboard.press("Tab")
        reached.append(desk.evaluate("document.activeElement.id || document.activeElement.tagName"))
    for wanted in ("issue", "tab-text", "tab-outbox", "verdict", "show-phone", "pane-desktop"):
        assert wanted in reached
    desk.locator("#tab-text").focus()
    desk.keyboard.press("Enter")
    desk.locator("pre.paper").wait_for()


@pytest.mark.parametrize("size", [(1000, 700), (1400, 900), (700, 900)])
def test_no_page_is_wider_than_its_window(page: Any, running: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for tab in ("letter", "text", "source", "findings", "outbox"):
        page.goto(running.address.removesuffix("letter") + tab)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        verdict = page.locator(".verdict").bounding_box()
        assert verdict["x"] + verdict["width"] <= size[0]
