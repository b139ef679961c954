from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    "other",
    [
        "http://example.com/ferry",
        "https://www.example.com/ferry",
        "https://example.com/ferry/",
        "https://EXAMPLE.com/ferry",
        "https://example.com/ferry?utm_source=mail",
    ],
)
def test_the_second_spelling_of_an_address_is_a_warning(places: Places, other: str) -> None:
    piece = f"intro: |\n  [a](https://example.com/ferry)\n  and [b]({other})"
    assert places("link-two-spellings", piece) == ["3:11 warning"]


@pytest.mark.parametrize(
    "other",
    [
        "https://example.com/ferry",
        "https://example.com/Ferry",
        "https://example.com/ferry?day=1",
        "https://example.com/ferry#fares",
        "https://example.org/ferry",
        "mailto:ferry@example.com",
    ],
)
def test_another_page_is_fine(places: Places, other: str) -> None:
    piece = f"intro: |\n  [a](https://example.com/ferry)\n  and [b]({other})"
    assert places("link-two-spellings", piece) == []
