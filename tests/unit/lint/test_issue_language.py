from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]

UKRAINIAN = "Пором знову ходить щодня, а бібліотека відчинена до десятої вечора. " * 3
ARABIC = "تعود العبارة الليلية يوم الجمعة وتبقى المكتبة مفتوحة حتى العاشرة مساء. " * 3
ENGLISH = "The night ferry sails again from Friday, and the library stays open until ten. " * 3


@pytest.mark.parametrize(
    ("language", "text"), [("en", UKRAINIAN), ("de", ARABIC), ("uk", ENGLISH), ("ar", UKRAINIAN)]
)
def test_a_text_in_another_script_is_a_warning_at_the_language(
    places: Places, language: str, text: str
) -> None:
    piece = f"language: {language}\nintro: '{text}'"
    assert places("issue-language", piece) == ["1:11 warning"]
    assert places("issue-language", f"intro: '{text}'", language=language) == ["1:1 warning"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-GB", ENGLISH),
        ("uk", UKRAINIAN),
        ("ar", ARABIC),
        ("sr", UKRAINIAN),
        ("en", f"{ENGLISH} {UKRAINIAN[:100]}"),
        ("en", "Пором"),
    ],
)
def test_its_own_script_a_guest_or_a_word_is_fine(places: Places, language: str, text: str) -> None:
    assert places("issue-language", f"language: {language}\nintro: '{text}'") == []
