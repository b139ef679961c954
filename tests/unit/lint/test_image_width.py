from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize("width", ["", "width=''", "width='auto'", "width='20em'"])
def test_a_picture_without_a_width_in_pixels_is_an_error(places: Places, width: str) -> None:
    assert places("image-width", html=f"<p><img src='a.jpg' alt='A' {width}></p>") == ["1:1 error"]


@pytest.mark.parametrize("width", ["width='300'", "width='300px'", "width='100%'"])
def test_pixels_are_fine_and_percent_is_another_rules(places: Places, width: str) -> None:
    assert places("image-width", html=f"<p><img src='a.jpg' alt='A' {width}></p>") == []
