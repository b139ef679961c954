"""A rule is switched off where a comment says so, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Places = Callable[..., list[str]]

TWO = """
sections:
  - headline: TK one
    body: |
      TK two

      TK three
  - headline: TK four
    body: TK five
"""


def lines(places: Places, piece: str, **more: Any) -> list[int]:
    return [int(place.split(":")[0]) for place in places("placeholder", piece, **more)]


def test_without_a_comment_all_are_found(places: Places) -> None:
    assert lines(places, TWO) == [2, 4, 6, 7, 8]


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("  - headline: TK one", "  - headline: TK one  # lint: disable=placeholder", [4, 6, 7, 8]),
        ("    body: |", "    body: |  # lint: disable=placeholder", [2, 7, 8]),
        ("    body: TK five", "    body: TK five # lint:disable=N07, quotes", [2, 4, 6, 7]),
        ("TK one", "TK one # lint: disable=raw-html", [2, 4, 6, 7, 8]),
        # In a text it is text.
        ("      TK two", "      TK two # lint: disable=placeholder", [2, 4, 6, 7, 8]),
    ],
)
def test_behind_a_value_it_speaks_of_that_value(
    places: Places, before: str, after: str, left: list[int]
) -> None:
    assert lines(places, TWO.replace(before, after)) == left


@pytest.mark.parametrize(
    ("above", "left"),
    [
        ("  - headline: TK one", [8, 9]),
        ("    body: |", [2, 8, 9]),
        ("    body: TK five", [2, 4, 6, 7]),
        ("  - headline: TK four", [2, 4, 6]),
    ],
)
def test_on_a_line_of_its_own_it_speaks_of_what_follows(
    places: Places, above: str, left: list[int]
) -> None:
    piece = TWO.replace(above, f"  # lint: disable=placeholder\n{above}")
    assert lines(places, piece) == left


def test_behind_a_key_it_speaks_of_what_the_key_holds(places: Places) -> None:
    piece = """
    sections:
      - kind: picture
        image:  # lint: disable=image-credit
          src: https://example.com/a.jpg
          alt: A ferry
      - kind: picture
        image:
          src: https://example.com/b.jpg
          alt: A ferry
    """
    assert places("image-credit", piece) == ["8:7 warning"]


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("sections:", "sections:  # lint: disable=placeholder", [2, 3, 9]),
        ("  - kind: text", "  - kind: text  # lint: disable=placeholder", [2, 3, 8, 9]),
        ("  - kind: quote", "  - kind: quote # lint: disable=N07", [2, 3, 6, 9]),
        ("summary:", "summary:  # lint: disable=placeholder", [6, 8, 9]),
        ("  - TK two", "  - TK two  # lint: disable=placeholder", [3, 6, 8, 9]),
    ],
)
def test_behind_the_key_of_a_list_it_speaks_of_every_entry(
    places: Places, before: str, after: str, left: list[int]
) -> None:
    summary = "summary:\n  - TK two\n  - text: TK three\n"
    sections = "sections:\n  - kind: text\n    body: TK six\n  - kind: quote\n    text: TK eight\n"
    piece = f"{summary}{sections}outro: TK nine\n"
    assert lines(places, piece) == [2, 3, 6, 8, 9]
    assert lines(places, piece.replace(before, after)) == left


def test_one_for_the_file_speaks_of_the_file(places: Places) -> None:
    assert lines(places, TWO + "# lint: disable-file=placeholder\n") == []


def test_a_rule_that_does_not_exist_is_named(everything: Callable[..., list[Any]]) -> None:
    found = everything("subject: Ferry # lint: disable=placeholders\n")
    (comment,) = [f for f in found if f.rule == "lint-comment"]
    assert (comment.line, comment.column) == (1, 32)
    assert comment.hint == 'Did you mean "placeholder"?'


def test_a_project_sets_the_level_of_a_rule(places: Places) -> None:
    def levels(level: str, piece: str = TWO) -> set[str]:
        found = places("placeholder", piece, options={"rules": {"placeholder": level}})
        return {place.split()[1] for place in found}

    assert levels("warning") == {"warning"}
    assert levels("off") == set()
    # What is less bad than its rule stays so.
    assert levels("error", "intro: XXX") == {"warning"}
    assert levels("info", "intro: XXX") == {"info"}
