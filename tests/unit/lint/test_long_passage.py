from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(("count", "expected"), [(25, []), (26, ["1:12 info"])])
def test_a_bullet_has_25_words(places: Places, count: int, expected: list[str]) -> None:
    assert places("long-passage", f"summary: ['{'word ' * count}']") == expected


@pytest.mark.parametrize(("count", "expected"), [(90, []), (91, ["5:7 info"])])
def test_a_paragraph_has_90_words(places: Places, count: int, expected: list[str]) -> None:
    piece = f"sections:\n  - headline: A\n    body: |\n\n      {'word ' * count}"
    assert places("long-passage", piece) == expected


def test_addresses_and_signs_are_few_words(places: Places) -> None:
    bullet = "A – b – c – d – e – f – g – h – i – j – k – l – m – n – o – p – q, r’s “t” u."
    assert places("long-passage", f"summary: ['{bullet}']") == []


def test_quotations_and_lists_are_left_alone(places: Places) -> None:
    piece = f"""
    sections:
      - headline: A
        body: |
          > {"word " * 100}

          - {"word " * 100}
    """
    assert places("long-passage", piece) == []


def test_languages_without_spaces_are_left_alone(places: Places) -> None:
    assert places("long-passage", f"summary: ['{'渡' * 100}']", language="zh-Hant") == []
