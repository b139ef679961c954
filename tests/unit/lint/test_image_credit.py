from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]

PICTURE = """
sections:
  - {kind}
    image: {{src: 'https://example.com/a.jpg', alt: {alt}, {more}}}
"""
STORY = "headline: Ferry\n    body: It sails again."
SPONSOR = "kind: sponsor\n    label: Sponsored\n    body: Bread."


@pytest.mark.parametrize("kind", [STORY, "kind: picture"])
@pytest.mark.parametrize("more", ["", "caption: The ferry", "caption: 'Photo booths: two'"])
def test_a_picture_without_a_credit_is_a_warning(places: Places, kind: str, more: str) -> None:
    line = 4 if kind == STORY else 3
    piece = PICTURE.format(kind=kind, alt="A ferry", more=more)
    assert places("image-credit", piece) == [f"{line}:12 warning"]


@pytest.mark.parametrize(
    ("kind", "alt", "more"),
    [
        (STORY, "A ferry", "credit: Ada Sample"),
        (STORY, "A ferry", "caption: 'The ferry. Photo: Ada Sample'"),
        (STORY, "A ferry", "caption: 'Паром. Фото: Ада'"),
        (STORY, "A ferry", "caption: 'The ferry © Ada'"),
        (STORY, "''", ""),
        (SPONSOR, "Bakery", ""),
    ],
)
def test_what_has_one_or_needs_none_is_fine(places: Places, kind: str, alt: str, more: str) -> None:
    assert places("image-credit", PICTURE.format(kind=kind, alt=alt, more=more)) == []
