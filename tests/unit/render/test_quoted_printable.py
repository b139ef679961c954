from __future__ import annotations

import quopri
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.render.quoted_printable import encode, encode_line, encode_stretch


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
@example("x" * 76)
@example("é" * 60)
@example("." * 300)
@example("From " * 40)
@example(" " * 200)
@example("a \t\r\nb\rc\n\r\n.")
def test_any_text_comes_back_and_no_line_is_longer_than_76_octets(text: str) -> None:
    encoded = encode(text)
    lines = encoded.split(b"\r\n")
    assert max(len(line) for line in lines) <= 76
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert not any(line.endswith((b" ", b"\t")) for line in lines)
    assert not any(line.startswith((b".", b"From ")) for line in lines)
    assert not re.search(rb"=(?![0-9A-F]{2}|\r\n)", encoded)
    decoded = quopri.decodestring(encoded).decode()
    assert decoded == re.sub(r"\r\n|\r|\n", "\r\n", text)


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("a=b", b"a=3Db"),
        ("ї", b"=D1=97"),
        ("end \n", b"end=20\r\n"),
        (".\n..", b"=2E\r\n=2E."),
        ("From me", b"=46rom me"),
        ("", b""),
        ("x" * 77, b"x" * 75 + b"=\r\nxx"),
        ("x" * 74 + "=y", b"x" * 74 + b"=\r\n=3Dy"),
    ],
)
def test_what_comes_out_is_what_the_standard_says(text: str, encoded: bytes) -> None:
    assert encode(text) == encoded


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
@example("й" * 100)
@example("x" + "й" * 100)
@example("👩‍👩‍👧‍👦" * 30)
@example("=" * 74 + "€" * 30)
def test_no_line_break_divides_a_character(text: str) -> None:
    for line in encode(text).split(b"\r\n"):
        quopri.decodestring(line.removesuffix(b"=")).decode()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
@example("x" * 75)
@example("x" * 76)
@example("." * 73)
@example("From " * 15)
@example("й" * 12 + "x" * 4)
@example("end ")
@example("end\n")
@example("")
def test_a_stretch_ends_where_a_line_can_begin(text: str) -> None:
    encoded = encode_stretch(text)
    assert encoded.endswith(b"\r\n") or not encoded
    assert max(map(len, encoded.split(b"\r\n"))) <= 76
    assert quopri.decodestring(encoded + b"more").decode() == (
        re.sub(r"\r\n|\r|\n", "\r\n", text) + "more"
    )


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
@example("x" * 76)
@example("  a   b    ")
@example(" " * 80)
@example(".")
@example("From here")
def test_a_part_of_a_line_has_room_for_a_soft_break_and_no_run_of_spaces(text: str) -> None:
    encoded = encode_line(text)
    assert max(map(len, encoded.split(b"\r\n"))) <= 76
    assert len(encoded.split(b"\r\n")[-1]) <= 75
    assert b"  " not in encoded
    assert not encoded.endswith(b" ")
    assert not encoded.startswith((b".", b"From "))
    assert quopri.decodestring(encoded).decode() == text
