from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("https://bit.ly/3xyz", "warning"),
        ("http://www.tinyurl.com/abc", "warning"),
        ("https://T.CO/abc", "warning"),
        ("https://youtu.be/abc", "info"),
    ],
)
def test_a_shortened_address_is_found(places: Places, url: str, level: str) -> None:
    assert places("link-shortener", f"intro: See [it]({url}).") == [f"1:17 {level}"]


@pytest.mark.parametrize(
    "url", ["https://notbit.ly/a", "https://bit.ly.example.com/a", "https://example.com/bit.ly"]
)
def test_its_look_alikes_are_not(places: Places, url: str) -> None:
    assert places("link-shortener", f"intro: See [it]({url}).") == []
