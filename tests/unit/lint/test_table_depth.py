from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


def nested(depth: int) -> str:
    return depth * "<table><tr><td>" + "a" + depth * "</td></tr></table>"


@pytest.mark.parametrize(("depth", "said"), [(8, []), (9, ["1:1 info"]), (30, ["1:1 info"])])
def test_more_than_eight_levels_are_information(
    places: Places, depth: int, said: list[str]
) -> None:
    assert places("table-depth", html=nested(2) + nested(depth)) == said


def test_tables_one_below_the_other_are_no_levels(places: Places) -> None:
    assert places("table-depth", html=20 * nested(1)) == []
