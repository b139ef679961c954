from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]


def picture(alt: str, caption: str = "The ferry at dusk") -> str:
    return f"""
sections:
  - kind: picture
    image:
      src: https://example.com/ferry.jpg
      alt: "{alt}"
      caption: {caption}
"""


@pytest.mark.parametrize(
    "alt",
    [
        "ferry.jpg",
        "My ferry.PNG",
        "IMG_2041",
        "DSC00012",
        "photo",
        "Image 3",
        "a picture",
        "Фото",
        "x",
        "-",
        "👍",
        "The ferry at dusk.",
        "the  FERRY at dusk",
    ],
)
def test_an_alt_text_that_says_nothing_is_a_warning_at_the_alt_text(
    places: Places, alt: str
) -> None:
    assert places("image-alt", picture(alt)) == ["5:12 warning"]


@pytest.mark.parametrize(
    "alt",
    ["", "A ferry", "Photo of a ferry", "Паром уходит в море", "מעבורת בנמל", "logo of the line"],
)
def test_a_description_and_decoration_are_fine(places: Places, alt: str) -> None:
    assert places("image-alt", picture(alt)) == []


def test_pictures_of_stories_and_sponsors_are_looked_at(
    findings: Callable[..., list[Finding]],
) -> None:
    found = findings(
        "image-alt",
        """
        sections:
          - headline: Ferry
            body: Back.
            image: {src: https://example.com/a.jpg, alt: photo}
          - kind: sponsor
            label: Sponsored by Example Bakery
            body: Bread.
            image: {src: https://example.com/b.jpg, alt: b.jpg}
        """,
    )
    assert [(f.line, f.column, f.message) for f in found] == [
        (4, 50, 'the alt text "photo" does not say what is shown'),
        (8, 50, 'the alt text "b.jpg" is a file name'),
    ]


def test_a_picture_inside_a_text_needs_a_description_too(places: Places) -> None:
    piece = """
    intro: |
      ![](https://example.com/a.jpg) and ![photo](https://example.com/b.jpg)

      ![A *ferry* at dusk](https://example.com/c.jpg) `![](d.jpg)`
    """
    assert places("image-alt", piece) == ["2:3 warning", "2:38 warning"]
