from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]

PICTURE = "  - kind: picture\n    image: {{src: 'https://example.com/{}.jpg', alt: A ferry}}\n"


def letter(pictures: int, characters: int) -> str:
    body = "    body: " + "word " * (characters // 5)
    shown = "".join(PICTURE.format(number) for number in range(pictures))
    return f"sections:\n{shown}  - headline: Ferry\n{body}\n"


@pytest.mark.parametrize(("pictures", "characters"), [(1, 50), (3, 250), (6, 500)])
def test_more_pictures_than_words_is_a_warning(
    places: Places, pictures: int, characters: int
) -> None:
    assert places("image-heavy", letter(pictures, characters)) == ["3:12 warning"]


@pytest.mark.parametrize(("pictures", "characters"), [(0, 50), (1, 150), (6, 650)])
def test_a_letter_with_words_is_fine(places: Places, pictures: int, characters: int) -> None:
    assert places("image-heavy", letter(pictures, characters)) == []


def test_pictures_inside_texts_count(places: Places) -> None:
    piece = "intro: '![A ferry](https://example.com/a.jpg) short'"
    assert places("image-heavy", piece) == ["1:8 warning"]
