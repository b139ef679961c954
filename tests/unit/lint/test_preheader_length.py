from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize("count", [30, 110])
def test_the_shortest_and_longest_that_fit(places: Places, count: int) -> None:
    assert places("preheader-length", f"preheader: {count * 'я'}") == []


@pytest.mark.parametrize("count", [1, 29, 111])
def test_shorter_or_longer_is_a_warning(places: Places, count: int) -> None:
    assert places("preheader-length", f"preheader: {count * 'я'}") == ["1:12 warning"]
