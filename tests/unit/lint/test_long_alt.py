from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


Places = Callable[..., list[str]]


@pytest.mark.parametrize(("length", "found"), [(100, []), (101, ["5:12 info"])])
def test_more_than_a_hundred_characters_are_a_note(
    places: Places, length: int, found: list[str]
) -> None:
    piece = f"""
    sections:
      - kind: picture
        image:
          src: https://example.com/ferry.jpg
          alt: {"x" * length}
    """
    assert places("long-alt", piece) == found


def test_pictures_inside_a_text_are_looked_at(places: Places) -> None:
    piece = f"intro: See ![{'ferry ' * 20}](https://example.com/a.jpg)"
    assert places("long-alt", piece) == ["1:12 info"]


def test_characters_are_counted_as_people_do(places: Places) -> None:
    marked = "e\u0301" * 90  # 180 code points
    assert places("long-alt", f"intro: See ![{marked}](https://example.com/a.jpg)") == []
