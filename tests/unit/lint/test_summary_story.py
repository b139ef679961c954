from __future__ import annotations

from collections.abc import Callable

from newsletter.findings import Finding

ISSUE = """
summary:
  - A bullet without a story.
  - text: The ferry is back.
    story: {0}
  - text: The library stays open.
    story: {1}
sections:
  - headline: Ferry
    id: ferry
    body: Back.
  - kind: quote
    id: library
    text: Quiet, please.
  - kind: divider
"""


def test_bullets_that_name_their_stories_are_fine(
    findings: Callable[..., list[Finding]],
) -> None:
    assert findings("summary-story", ISSUE.format("ferry", "library")) == []


def test_a_misspelt_story_is_an_error_with_the_nearest_name(
    findings: Callable[..., list[Finding]],
) -> None:
    (found,) = findings("summary-story", ISSUE.format("ferry", "libary"))
    assert str(found).endswith(
        '2026-11-20.yaml:6:12: error: no section has the id "libary". '
        'Did you mean "library"? [summary-story]'
    )


def test_a_story_like_no_other_gets_the_list_of_names(
    findings: Callable[..., list[Finding]],
) -> None:
    (found,) = findings("summary-story", ISSUE.format("ferry", "mayor"))
    assert found.hint == "Sections have these ids: ferry, library."


def test_an_issue_without_ids_says_where_they_go(findings: Callable[..., list[Finding]]) -> None:
    (found,) = findings("summary-story", "summary: [{text: The ferry is back., story: ferry}]")
    assert found.hint == 'Add "id: ferry" to the story that this bullet announces.'


def test_a_second_bullet_for_one_story_is_a_warning_at_the_second(
    findings: Callable[..., list[Finding]],
) -> None:
    (found,) = findings("summary-story", ISSUE.format("ferry", "ferry"))
    assert (found.line, found.severity) == (6, "warning")
    assert found.message == 'bullet 2 leads to "ferry" already'
