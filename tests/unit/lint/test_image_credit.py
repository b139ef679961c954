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


INSIDE = "![A ferry](https://example.com/a.jpg)"


@pytest.mark.parametrize(
    "body",
    [
        INSIDE,
        f"It sails.\n\n{INSIDE}\n\nThe ferry on Friday.",
        f"It sails {INSIDE} again.",
        f"Photo: Ada Sample\n\nWords.\n\n{INSIDE}",
        f"{INSIDE}\n\nBack on Friday.\n\nFar below stands a photo by Ada Sample.",
        "![Photo: a ferry](https://example.com/a.jpg)",
        "![A ferry](pictures/a.jpg)",
        "![A ferry](<photos/by the sea.jpg> 'At sea') See [more](https://example.com/photo/1).",
    ],
)
def test_a_picture_inside_a_text_without_a_credit_is_a_warning(places: Places, body: str) -> None:
    indented = body.replace("\n", "\n  ")
    [place] = places("image-credit", f"intro: |\n  {indented}")
    line = body[: body.index("![")].count("\n") + 2
    assert place.startswith(f"{line}:")
    assert place.endswith("warning")


@pytest.mark.parametrize(
    "body",
    [
        f"{INSIDE}\n\nPhoto: Ada Sample",
        f"{INSIDE}\\\n*Back on Friday. © Ada Sample*",
        f"> {INSIDE}\n>\n> Фото: Ада Семпл",
        '![A ferry](https://example.com/a.jpg "Photo: Ada Sample")',
        f"{INSIDE}\n\n{INSIDE}\n\nPhotos: Ada Sample",
        "![](https://example.com/a.jpg)",  # told of by image-alt
        f"`{INSIDE}`",
        "![A ferry](pictures/a_(1).jpg 'Picture/Ada Sample')",
        "![A ferry](pictures/a.jpg)\n\nPhoto: [Ada Sample](https://example.com/ada)",
    ],
)
def test_a_picture_inside_a_text_with_one_below_it_is_fine(places: Places, body: str) -> None:
    indented = body.replace("\n", "\n  ")
    assert places("image-credit", f"intro: |\n  {indented}") == []


def test_a_picture_in_the_text_of_an_advertisement_needs_none(places: Places) -> None:
    piece = f"sections:\n  - kind: sponsor\n    label: Sponsored\n    body: '{INSIDE}'"
    assert places("image-credit", piece) == []
