from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]


def test_two_sections_with_one_headline_are_found_at_the_second(
    findings: Callable[..., list[Finding]],
) -> None:
    piece = """
    sections:
      - headline: Ferry returns
        body: It sails again.
      - headline: “Ferry  returns”
        body: The library stays open.
    """
    (found,) = findings("repeated-headline", piece)
    assert (found.line, found.severity) == (4, "warning")
    assert found.message == "line 2 has this headline already"


def test_a_list_of_links_has_a_headline_too(places: Places) -> None:
    piece = """
    sections:
      - headline: Next week
        body: Nothing.
      - kind: links
        title: Next week
        items: [{title: A play, url: https://example.org/play}]
    """
    assert places("repeated-headline", piece) == ["5:12 warning"]


@pytest.mark.parametrize("bullet", ["Ferry returns", "FERRY RETURNS.", "“Ferry returns”"])
def test_a_bullet_that_is_a_headline_is_found(places: Places, bullet: str) -> None:
    piece = f"summary: ['{bullet}']\nsections: [{{headline: Ferry returns, body: It sails.}}]"
    assert places("repeated-headline", piece) == ["1:11 warning"]


def test_a_text_that_begins_with_its_headline_is_found(places: Places) -> None:
    piece = """
    sections:
      - headline: Паром повертається
        body: |
          **Паром повертається**

          Він знову ходить.
    """
    assert places("repeated-headline", piece) == ["4:9 warning"]


def test_a_bullet_that_opens_the_story_is_a_note(places: Places) -> None:
    piece = """
    summary:
      - The night ferry sails again from Friday.
    sections:
      - headline: Ferry returns
        body: The night ferry sails again from Friday. Nobody had expected it.
    """
    assert places("repeated-headline", piece) == ["2:5 info"]


def test_look_alikes_are_not_found(places: Places) -> None:
    piece = """
    title: Ferry returns
    summary:
      - The ferry returns on Friday, and so do its passengers.
      - It is over.
    sections:
      - headline: Ferry returns
        body: The ferry returns. Ferry returns, said the board.
      - headline: Ferry returns late
        body: It is over. Nobody minded.
      - kind: button
        label: Ferry returns
        url: https://example.org/ferry
    """
    assert places("repeated-headline", piece) == []
