"""A message is read as a mail client reads it, however broken it is."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from newsletter.preview.mail import open_mail


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Die Hafenpost <post@example.org>"
    mail["To"] = "Zoë Sample <zoe@example.com>"
    mail["Subject"] = "Die Nachtfähre fährt – паром вернулся"
    mail["Date"] = "Fri, 20 Nov 2026 12:00:00 +0000"
    mail.set_content("Grüße aus dem Hafen\n")
    mail.add_alternative('<p>Grüße</p><img src="cid:pic@x">', subtype="html")
    html = mail.get_payload()[1]  # type: ignore[index]
    html.add_related(b"GIF89a", "image", "gif", cid="<pic@x>")  # type: ignore[union-attr]
    html.add_related(b"<svg/>", "image", "svg+xml", cid="<svg@x>")  # type: ignore[union-attr]
    return mail


def test_headers_bodies_and_pictures_are_decoded() -> None:
    mail = open_mail(message().as_bytes())
    assert mail.subject == "Die Nachtfähre fährt – паром вернулся"
    assert mail.to == "Zoë Sample <zoe@example.com>"
    assert mail.text == "Grüße aus dem Hafen\n"
    assert mail.html.startswith("<p>Grüße</p>")
    assert mail.pictures["pic@x"].data == b"GIF89a"
    assert ("Subject", mail.subject) in mail.headers
    assert "To: =?utf-8?q?Zo=C3=AB?= Sample" in mail.source


def test_a_picture_that_can_hold_scripts_is_not_shown() -> None:
    assert "svg@x" not in open_mail(message().as_bytes()).pictures


def test_the_weight_is_that_of_the_encoded_html_part() -> None:
    mail = EmailMessage()
    mail.set_content("я" * 1000, subtype="html", cte="base64")
    encoded = mail.get_payload()
    assert open_mail(mail.as_bytes()).weight == len(str(encoded))
    assert open_mail(mail.as_bytes()).weight > 2600


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe garbage",
        b"Subject: =?nonsense?q?x?=\r\n\r\n",
        b"To: @@@,,,<<>>\r\nDate: yesterday\r\nSubject: \xff\r\n\r\nbody",
        b"Content-Type: text/html; charset=no-such\r\n\r\n<p>hello",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Date: Fri, 31 Dec 9999 23:59:59 -2359\r\n\r\n",
    ],
)
def test_junk_is_shown_as_far_as_it_goes(data: bytes) -> None:
    assert open_mail(data).source is not None


def test_the_parts_are_listed_each_behind_the_one_that_holds_it() -> None:
    parts = open_mail(message().as_bytes()).parts
    assert [(part.depth, part.content_type) for part in parts] == [
        (0, "multipart/alternative"),
        (1, "text/plain"),
        (1, "multipart/related"),
        (2, "text/html"),
        (2, "image/gif"),
        (2, "image/svg+xml"),
    ]
    assert "utf-8" in parts[1].about
    assert parts[0].size == 0
    assert all(part.size for part in parts[3:])


def test_an_attached_page_is_not_the_letter() -> None:
    mail = EmailMessage()
    mail.set_content("The letter.")
    mail.add_attachment("<p>attached</p>", subtype="html", filename="page.html")
    opened = open_mail(mail.as_bytes())
    assert (opened.html, opened.text) == ("", "The letter.\n")
    assert "page.html" in opened.parts[-1].about


def test_a_field_that_stands_there_twice_is_shown_twice() -> None:
    opened = open_mail(b"Received: one\r\nSubject: a\r\nReceived: two\r\nSubject: b\r\n\r\n")
    assert [value for name, value in opened.headers if name == "Received"] == ["one", "two"]
    assert opened.subject == "a"
