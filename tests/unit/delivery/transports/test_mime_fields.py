from __future__ import annotations

import pytest

from newsletter.delivery.transports.base import Envelope, Message
from newsletter.delivery.transports.mime_fields import Mailbox, MimeFields
from tests.unit.delivery.transports.letters import PIXELS, SUBJECT, letter


def test_a_letter_comes_apart_into_what_was_put_into_it() -> None:
    fields = MimeFields.parse(letter(picture=True))
    assert fields.sender == Mailbox("Письмо", "letter@example.org")
    assert fields.to == Mailbox("Reader One", "reader1@example.com")
    assert fields.reply_to == Mailbox("", "editor@example.org")
    assert fields.subject == SUBJECT
    assert fields.text == "Дорогой Reader One,\n.\nпаром.\n"
    assert fields.html == "<p>Dear Reader One</p>"
    [file] = fields.files
    assert (file.filename, file.content_type, file.cid) == (
        "ferry.png",
        "image/png",
        "ferry@letter",
    )
    assert file.data == PIXELS


def test_the_other_headers_stay_as_they_are_on_one_line_each() -> None:
    headers = MimeFields.parse(letter()).headers
    assert headers == {
        "Message-ID": "<id001@example.org>",
        "List-Id": "=?utf-8?b?0J/QuNGB0YzQvNC+?= <letter.example.org>",
        "List-Unsubscribe": "<https://letter.example.org/unsubscribe/token1>, "
        "<mailto:letter@example.org?subject=unsubscribe%20token1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": "issue:letter:newsletter:abc",
    }


@pytest.mark.parametrize("name", ["", "Ada, Countess", 'Ada "the first"', "back\\slash"])
def test_names_with_marks_of_their_own_are_quoted_and_never_become_addresses(name: str) -> None:
    written = str(Mailbox(name, "ada@example.com"))
    message = _message(f"To: {written}\r\n\r\n".encode(), "ada@example.com")
    assert MimeFields.parse(message).to == Mailbox(name, "ada@example.com")


def test_the_reader_is_the_one_of_the_envelope() -> None:
    message = _message(b"To: Ada <someone@example.org>\r\n\r\nHello\r\n", "ada@example.com")
    assert MimeFields.parse(message).to == Mailbox("Ada", "ada@example.com")


def test_a_reader_whose_address_is_not_ascii_keeps_it() -> None:
    message = _message("To: <пример@example.com>\r\n\r\nHello\r\n".encode(), "пример@example.com")
    assert MimeFields.parse(message).to == Mailbox("", "пример@example.com")


def test_our_own_signature_goes_since_the_provider_writes_the_letter_anew() -> None:
    message = _message(b"DKIM-Signature: v=1;\r\n b=abc\r\nX-Own: 1\r\n\r\nHello\r\n")
    fields = MimeFields.parse(message)
    assert fields.headers == {"X-Own": "1"}
    assert (fields.text, fields.html, fields.files) == ("Hello\n", "", ())


def _message(data: bytes, to: str = "reader1@example.com") -> Message:
    return Message.whole(Envelope("bounces@example.org", to), "<1@example.org>", data)
