from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.colour import contrast, readable

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@given(colours, st.sampled_from(["#ffffff", "#f6f2ea", "#1c1a18", "#2a2723"]))
def test_any_colour_becomes_readable(colour: str, background: str) -> None:
    assert contrast(readable(colour, background), background) >= 4.5


def test_a_readable_colour_stays_as_it_is() -> None:
    assert readable("#0b5c6b", "#ffffff") == "#0b5c6b"


def test_a_word_is_no_colour() -> None:
    with pytest.raises(ValueError, match='"red" is not a colour like #0b5c6b'):
        readable("red", "#ffffff")
