from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]

LETTER = """
{0}
summary: [The ferry is back., The library stays open., A choir sang.]
sections:
  - kind: text
    body: Three people wrote this.
  - headline: Ferry
    body: It sails. In this issue six stories were lost.
  - headline: Library
    body: It is open.
  - headline: Choir
    body: It sang.
outro: In this issue you read nine stories.
"""


def test_a_wrong_number_is_told_with_the_right_one(findings: Callable[..., list[Finding]]) -> None:
    (found,) = findings("story-count", LETTER.format("intro: Here are six stories for you."))
    assert (found.line, found.column, found.severity) == (1, 17, "warning")
    assert found.message == 'the text says "six stories", but there are 3'


@pytest.mark.parametrize(
    "line",
    [
        "preheader: In this issue, six stories and a recipe",
        "subject: 5 stories this week",
        "title: The week in five sentences",
        "intro: Here is the week in four bullets.",
    ],
)
def test_it_is_found_at_the_head_of_the_letter(places: Places, line: str) -> None:
    assert len(places("story-count", LETTER.format(line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "preheader: In this issue, three stories and a recipe",
        "preheader: In this issue, four topics, one of them ourselves",
        "title: The week in three sentences",
        "intro: Here are two more stories.",
        "intro: Six people told us stories.",
    ],
)
def test_a_number_that_fits_is_fine(places: Places, line: str) -> None:
    assert places("story-count", LETTER.format(line)) == []


def test_a_number_of_lines_means_nothing_without_a_summary(places: Places) -> None:
    assert places("story-count", "title: The week in five sentences") == []
