from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("name", "language", "wrong"),
    [
        ("2026-11-20.uk", "en", True),
        ("2026-11-20.uk", "uk", False),
        ("2026-11-20.uk", "uk-UA", False),
        ("2026-11-20.pt-BR", "pt", False),
        ("2026-11-20.pt-BR", "pt-PT", True),
        ("2026-11-20", "en", False),
        ("2026-11-20.v2", "en", False),
    ],
)
def test_name_and_issue_say_one_language(
    places: Places, name: str, language: str, wrong: bool
) -> None:
    found = places("sibling-language", f"language: {language}", name=name)
    assert found == (["1:11 error"] if wrong else [])


def test_an_issue_without_a_language_is_in_the_newsletters(places: Places) -> None:
    assert places("sibling-language", name="2026-11-20.uk", language="uk") == []
    assert places("sibling-language", name="2026-11-20.uk", language="en") == ["1:1 error"]


def test_nobody_would_get_the_second_issue_in_one_language(places: Places) -> None:
    assert places("sibling-language", siblings=["language: uk"]) == []
    assert places("sibling-language", siblings=["language: en"]) == ["1:1 error"]
