from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]

STORIES = """
sections:
  - headline: Ferry
    id: ferry
    body: The night ferry sails again with a new engine, and passengers pay more.
  - headline: Library
    id: library
    body: Readers stay until ten with a second stove, forty chairs and volunteers.
  - kind: divider
  - headline: Crabs
    id: crabs
    body: Four boats plant kelp after catches fell by a third.
"""


def letter(*stories: str) -> str:
    bullets = "".join(f"  - text: Bullet {n}.\n    story: {s}\n" for n, s in enumerate(stories))
    return f"summary:\n{bullets}{STORIES.lstrip()}"


def test_bullets_in_the_order_of_their_stories_are_fine(places: Places) -> None:
    assert places("summary-order", letter("ferry", "library", "crabs")) == []
    assert places("summary-order", letter("ferry", "crabs")) == []


@pytest.mark.parametrize(
    ("stories", "line", "order"),
    [
        (("library", "ferry", "crabs"), 4, "2, 1, 3"),
        (("crabs", "ferry", "library"), 2, "2, 3, 1"),
        (("ferry", "crabs", "library"), 6, "1, 3, 2"),
    ],
)
def test_the_bullet_out_of_turn_is_told_with_the_right_order(
    findings: Callable[..., list[Finding]], stories: tuple[str, ...], line: int, order: str
) -> None:
    (found,) = findings("summary-order", letter(*stories))
    assert found.severity == "warning"
    assert order in found.hint


def test_bullets_without_story_are_placed_by_their_words(places: Places) -> None:
    piece = f"""summary:
  - Four boats plant kelp after catches fell.
  - The ferry sails again, and passengers pay more.
{STORIES}"""
    assert len(places("summary-order", piece)) == 1


def test_bullets_that_cannot_be_placed_have_no_order(places: Places) -> None:
    assert places("summary-order", f"summary: [Ahoi!, Moin!, Servus!]\n{STORIES}") == []


def test_a_wrong_reference_is_left_to_another_rule(places: Places) -> None:
    assert places("summary-order", letter("ferry", "nothing", "crabs")) == []
