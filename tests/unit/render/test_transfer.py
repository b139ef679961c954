from __future__ import annotations

import quopri
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.merge import Context, Merged, Slot
from newsletter.render.transfer import Blank, encode_merged, transferred

NAME = Slot("name", "reader", Context.TEXT)
CITY = Slot("city", "", Context.TEXT)


@pytest.mark.parametrize(
    ("parts", "values", "encoded"),
    [
        (("Dear ", NAME, ",\n"), {"name": "Ada"}, b"Dear =\r\nAda=\r\n,\r\n"),
        (("Dear ", NAME, "\nbye"), {}, b"Dear =\r\nreader\r\nbye"),
        (("Dear ", CITY, ",\n"), {}, b"Dear =\r\n,\r\n"),
        (("\n", NAME), {"name": "Ada "}, b"\r\nAda=20"),
        ((NAME, CITY), {"name": ".", "city": "From x"}, b"=2E=\r\n=46rom x"),
        ((CITY, "\n"), {"city": "a  b"}, b"a =20b\r\n"),
        ((CITY, "x"), {"city": "a=b"}, b"a=3Db=\r\nx"),
        ((), {}, b""),
    ],
)
def test_places_stand_between_soft_line_breaks(
    parts: tuple[str | Slot, ...], values: Mapping[str, str], encoded: bytes
) -> None:
    assert transferred(Merged(parts), {}, values) == encoded


def test_a_field_that_is_the_same_for_all_readers_leaves_no_place() -> None:
    merged = Merged(("at ", CITY, " today, ", NAME))
    assert encode_merged(merged, {"city": "the ferry"}) == (
        b"at the ferry today, =\r\n",
        Blank(NAME, is_open=False),
    )


VALUES = st.one_of(
    st.text(max_size=200),
    st.text("abc .From=&<>\"'%~", max_size=100),
    st.sampled_from(
        [
            "Ada  Sample",
            "Ada ",
            "x" * 75,
            "x" * 76,
            "a" * 74 + " ",
            "https://example.org/" + "x/" * 40,
        ]
    ),
)


@given(VALUES, st.sampled_from(Context), st.booleans())
def test_a_value_comes_back_as_it_was_escaped_for_its_context(
    value: str, context: Context, is_open: bool
) -> None:
    slot = Slot("field", "default", context)
    blank = Blank(slot, is_open)
    try:
        encoded = blank.fill(value)
    except UnicodeEncodeError:
        with pytest.raises(UnicodeEncodeError):
            slot.fill({"field": value}).encode()
        return
    assert quopri.decodestring(encoded).decode() == slot.fill({"field": value})
    assert encoded.endswith(b"=\r\n") is is_open
    assert max(map(len, encoded.split(b"\r\n"))) <= 76
    assert b"  " not in encoded
    assert b" \r\n" not in encoded + b"\r\n"
