from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("subject", "preheader", "expected"),
    [
        ("The ferry is back", "The ferry is back", ["2:12 error"]),
        ("The ferry is back", "«The ferry  is BACK!»", ["2:12 error"]),
        ("Паром вернулся", "паром вернулся.", ["2:12 error"]),
        ("The ferry is back", "The ferry is back: and a library", ["2:12 warning"]),
        ("The ferry is back: and a library", "The ferry is back", ["2:12 warning"]),
        ("The ferry", "The ferryman tells his story", []),
        ("The ferry is back", "And a library that stays open", []),
        ("…", "…", []),
    ],
)
def test_the_same_words_twice(
    places: Places, subject: str, preheader: str, expected: list[str]
) -> None:
    piece = f'subject: "{subject}"\npreheader: "{preheader}"'
    assert places("preheader-repeats-subject", piece) == expected
