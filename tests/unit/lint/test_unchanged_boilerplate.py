from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]

LAST = """
preheader: Plus a library that stays open until ten
title: After the flood
intro: |
  Dear reader,

  We come to you every week with what the harbour talked about. The reading on Saturday is free.
sections:
  - kind: picture
    image:
      src: https://example.org/a.jpg
      alt: A ferry.
      caption: The photo of the week is by Hanne.
  - kind: sponsor
    label: Paid
    body: Bread.
    image: {src: "https://example.org/b.jpg", alt: "", caption: "Order a loaf, says the baker."}
outro: |
  Write to us whenever you like, we read every letter. The next one leaves on 27 November.

  Tomas Reddaway, editor
"""
NEW = """
preheader: Plus a mayor who is on leave
title: Before the frost
intro: |
  Dear reader,

  We come to you every week with what the harbour talked about. It was cold.
sections:
  - kind: picture
    image:
      src: https://example.org/c.jpg
      alt: A ferry.
      caption: The second photo of the series is by Hanne.
outro: |
  Write to us whenever you like, we read every letter. The next one leaves on 4 December.

  Tomas Reddaway, editor
"""


def test_what_is_the_last_issues_is_found_once_for_each_field(
    findings: Callable[..., list[Finding]],
) -> None:
    found = findings("unchanged-boilerplate", LAST, earlier=[LAST, NEW])
    assert [(f.line, f.message) for f in found] == [
        (1, "the preheader is that of past-1.yaml"),
        (2, "the title is that of past-1.yaml"),
        (6, "this sentence of the greeting stands in past-1.yaml already"),
        (12, "the caption is that of past-1.yaml"),
        (18, "this sentence of the closing note stands in past-1.yaml already"),
    ]
    assert {f.severity for f in found} == {"warning"}
    assert found[2].column == 65


def test_of_a_single_earlier_issue_only_what_is_of_the_day_is_found(places: Places) -> None:
    assert places("unchanged-boilerplate", LAST, earlier=[LAST]) == [
        "1:12 warning",
        "6:65 warning",
        "12:16 warning",
        "18:56 warning",
    ]


def test_what_stood_in_two_of_the_last_issues_is_standing_text(places: Places) -> None:
    assert places("unchanged-boilerplate", LAST, earlier=[LAST, LAST]) == []
    assert places("unchanged-boilerplate", LAST, earlier=[LAST, NEW, LAST]) == []


def test_new_words_are_fine(places: Places) -> None:
    assert places("unchanged-boilerplate", NEW, earlier=[LAST]) == []
    assert places("unchanged-boilerplate", LAST) == []


@pytest.mark.parametrize("text", ["Guten Tag!", "Bis bald, eure Redaktion am Montag"])
def test_what_returned_two_issues_ago_is_no_matter(places: Places, text: str) -> None:
    piece = f"preheader: '{text}'\noutro: '{text}'"
    assert places("unchanged-boilerplate", piece, earlier=[NEW, piece], language="de") == []
