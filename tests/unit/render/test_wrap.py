from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.wrap import underlined, width, wrap


def test_width_counts_columns_and_not_characters() -> None:
    assert width("abc") == 3
    assert width("Київ") == 4
    assert width("日本") == 4
    assert width("e\u0301") == 1
    assert width("a\u200db") == 2


@given(st.text(alphabet="abc їé日。", max_size=300))
def test_no_line_is_wider_than_it_may_be(text: str) -> None:
    assert all(width(line) <= 20 for line in wrap(text, columns=20) if " " in line)


@given(st.text(alphabet="ab їé日。", max_size=300))
def test_no_character_is_lost(text: str) -> None:
    joined = "".join(wrap(text, columns=20))
    assert joined.replace(" ", "") == text.replace(" ", "")


def test_an_address_stays_on_one_line() -> None:
    address = "https://example.org/" + "a" * 90
    assert wrap(f"See {address} now") == ["See", address, "now"]


def test_bullets_hang_and_no_break_spaces_hold() -> None:
    assert wrap("one two three", first="* ", rest="  ", columns=9) == ["* one two", "  three"]
    assert wrap("ab 10\u00a0km", columns=6) == ["ab", "10\u00a0km"]


def test_east_asian_text_is_broken_between_characters_but_not_before_a_full_stop() -> None:
    assert wrap("日本語の文。終", columns=10) == ["日本語の", "文。終"]


def test_a_headline_is_underlined_as_long_as_it_is_wide() -> None:
    assert underlined("日本", "-") == ["日本", "----"]
    assert underlined("word " * 20, "=")[-1] == "=" * 69
