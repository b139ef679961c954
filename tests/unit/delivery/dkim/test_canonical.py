from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.dkim.canonical import relaxed_body, relaxed_field


def test_the_example_of_the_standard() -> None:
    """RFC 6376 §3.4.5, example 1."""
    assert relaxed_field("A", " X") == b"a:X\r\n"
    assert relaxed_field("B ", " Y\t\r\n\tZ  ") == b"b:Y Z\r\n"
    assert relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"


@pytest.mark.parametrize(
    ("body", "relaxed"),
    [
        (b"", b""),
        (b"\r\n\r\n", b""),
        (b" \t\r\n", b""),
        (b"x", b"x\r\n"),
        (b"x\r\n\r\ny", b"x\r\n\r\ny\r\n"),
        (b"x \r\n \r\n", b"x\r\n"),
        (b"x\x0b \x0c\r\n", b"x\x0b \x0c\r\n"),
    ],
)
def test_only_spaces_tabs_and_empty_lines_at_the_end_do_not_count(
    body: bytes, relaxed: bytes
) -> None:
    assert relaxed_body(body) == relaxed


def test_a_space_that_is_not_ascii_stays_in_a_field() -> None:
    assert relaxed_field("To", " \u00a0Ada\u2003 <ada@example.com>") == (
        "to:\u00a0Ada\u2003 <ada@example.com>\r\n".encode()
    )


_LINES = st.lists(st.text(st.sampled_from("a.= \t"), max_size=12), max_size=8)


@given(_LINES.map("\r\n".join))
def test_a_body_is_what_dkimpy_makes_of_it(lines: str) -> None:
    from dkim.canonicalization import Relaxed

    text = f"{lines}\r\n"  # dkimpy takes a last line without an end for something else
    assert relaxed_body(text.encode()) == Relaxed.canonicalize_body(text.encode())


@given(_LINES.map("\r\n ".join))
def test_a_field_is_what_dkimpy_makes_of_it(value: str) -> None:
    from dkim.canonicalization import Relaxed

    [(name, theirs)] = Relaxed.canonicalize_headers([(b"Subject", value.encode())])
    assert relaxed_field("Subject", value) == name + b":" + theirs


@given(_LINES.map("\r\n".join))
def test_what_is_relaxed_stays_as_it_is(text: str) -> None:
    once = relaxed_body(text.encode())
    assert relaxed_body(once) == once
