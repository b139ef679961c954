"""Only ``cid:`` addresses of a letter are changed on their way into the frame."""

from __future__ import annotations

import pytest

from newsletter.preview.document import remote_pictures, with_pictures, without_long_base64
from newsletter.preview.mail import Picture

PICTURES = {
    "ferry@letter.example.org": Picture("image/png", b"one"),
    "a&b": Picture("image/gif", b"2"),
}


@pytest.mark.parametrize(
    ("letter", "begins"),
    [
        ('<img src="cid:ferry@letter.example.org">', '<img src="/x/ferry%40letter.example.org?v='),
        ("<img src='cid:ferry@letter.example.org'>", "<img src='/x/ferry%40letter.example.org?v="),
        ("<img src=CID:ferry@letter.example.org>", "<img src=/x/ferry%40letter.example.org?v="),
        ('<td style="background:url(cid:a%26b)">', '<td style="background:url(/x/a%26b?v='),
        ('<td background="cid:a&amp;b">', '<td background="/x/a%26b?v='),
    ],
)
def test_a_picture_of_the_message_gets_an_address_here(letter: str, begins: str) -> None:
    assert with_pictures(letter, PICTURES, "/x").startswith(begins)


@pytest.mark.parametrize(
    "letter",
    [
        "<p>Write cid:ferry@letter.example.org as it is, like acid:ferry@letter.example.org.</p>",
        '<img src="cid:unknown@letter.example.org">',
        '<img src="https://example.org/cid.png">',
        "",
    ],
)
def test_everything_else_stays_byte_for_byte(letter: str) -> None:
    assert with_pictures(letter, PICTURES, "/x") == letter


def test_a_changed_picture_has_another_address() -> None:
    changed = {**PICTURES, "ferry@letter.example.org": Picture("image/png", b"two")}
    letter = '<img src="cid:ferry@letter.example.org">'
    assert with_pictures(letter, PICTURES, "/x") != with_pictures(letter, changed, "/x")


def test_an_embedded_file_is_shortened_in_the_source_and_the_rest_is_not() -> None:
    line = "A" * 76 + "\n"
    source = f"Subject: Hello\n\n{line * 500}QQ==\n--boundary\nHello\n"
    shown = without_long_base64(source)
    assert shown.startswith(f"Subject: Hello\n\n{line * 3}[498 more lines")
    assert shown.endswith("\n--boundary\nHello\n")


def test_text_in_a_source_is_never_shortened() -> None:
    source = "The night ferry sails again from Friday, says the council of the town.\n" * 100
    assert without_long_base64(source) == source


HOSTED = {"ferry-1.png": Picture("image/png", b"one")}


def test_pictures_that_will_be_hosted_are_shown_from_here() -> None:
    letter = '<img src="https://cdn.example.org/p/ferry-1.png" alt=""><a href="https://cdn.example.org/p/other.png">'
    shown = with_pictures(letter, HOSTED, "/x", "https://cdn.example.org/p")
    assert shown.startswith('<img src="/x/ferry-1.png?v=')
    assert 'href="https://cdn.example.org/p/other.png"' in shown
    assert with_pictures(letter, HOSTED, "/x") == letter


@pytest.mark.parametrize(
    ("letter", "number"),
    [
        ("", 0),
        ('<img src="cid:x"><img src="data:image/png;base64,AA==">', 0),
        ('<img src="https://cdn.example.org/p/ferry-1.png">', 0),
        ('<img src="https://other.example.org/x.png"><IMG alt="" SRC=http://a.example.org/y>', 2),
        (
            '<img src="https://other.example.org/x.png"><img src="https://other.example.org/x.png">',
            1,
        ),
        ('<a href="https://other.example.org/x.png">', 0),
        ('<source srcset="https://other.example.org/x.webp">', 1),
    ],
)
def test_pictures_from_elsewhere_are_counted(letter: str, number: int) -> None:
    assert remote_pictures(letter, "https://cdn.example.org/p", HOSTED) == number
