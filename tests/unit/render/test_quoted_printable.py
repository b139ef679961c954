from __future__ import annotations

import quopri
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.render.quoted_printable import encode


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
