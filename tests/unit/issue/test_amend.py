"""Only what is meant changes; every other byte stays as it was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue import amend as amending
from newsletter.issue.amend import Edit, amend, rewrite
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript

SOURCE = """\
# The ferry issue.
subject:   The ferry  is back   # not yet final
preheader: 'It''s  back: for  good'
date: 2026-11-20

summary:
  - text: "The \\u201cferry\\u201d  sails."
  - It sails  twice.
sections:
  - headline:  >-
      A long
      headline
    body: |
      One  two.

      Three
      four.   # this is text
"""


def read(text: str = SOURCE) -> Manuscript:
    manuscript = load_text(text, Path("2026-11-20.yaml"))
    assert isinstance(manuscript, Manuscript), manuscript
    return manuscript


def change(where: tuple[str | int, ...], before: str, after: str) -> Edit:
    start = read().value(where).index(before)
    return Edit(where, start, start + len(before), after)


BODY = ("sections", 0, "body")


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (change(("subject",), "  ", " "), "ferry  is", "ferry is"),
        (change(("preheader",), "'", "’"), "It''s", "It’s"),
        (change(("preheader",), "  ", " 'n' "), "''s  back", "''s ''n'' back"),
        (
            change(("summary", 0, "text"), "“ferry”", '"ferry"'),
            "\\u201cferry\\u201d",
            '\\"ferry\\"',
        ),
        (change(("summary", 1, "text"), "  ", " "), "sails  twice", "sails twice"),
        (change(("sections", 0, "headline"), "long headline", "x"), "long\n      headline", "x"),
        (change(BODY, "  ", " "), "One  two", "One two"),
        (change(BODY, "\n\nThree\nfour", " 3 4"), "\n\n      Three\n      four", " 3 4"),
        (change(BODY, "   # this is text", ""), "   # this is text", ""),
        (change(BODY, "Three", ""), "Three", ""),
    ],
)
def test_a_value_changes_in_place_however_it_is_quoted(edit: Edit, before: str, after: str) -> None:
    amended = amend(read(), [edit])
    assert amended.done == (edit,)
    assert amended.manuscript.text == SOURCE.replace(before, after, 1)


def test_many_edits_are_made_at_once_and_of_two_that_overlap_the_first() -> None:
    edits = [
        change(("subject",), "ferry", "boat"),
        change(("subject",), "The ferry", "A ferry"),
        change(BODY, "One", "1"),
        change(BODY, "two", "2"),
    ]
    amended = amend(read(), edits)
    assert amended.manuscript.issue.subject == "A ferry  is back"
    assert amended.manuscript.text.count("\n") == SOURCE.count("\n")
    assert "      1  2.\n" in amended.manuscript.text
    assert len(amended.done) == 3


def test_what_would_change_the_meaning_of_the_file_is_not_done() -> None:
    good = change(BODY, "One", "1")
    amended = amend(read(), [change(("subject",), "ferry  is", "ferry: is"), good])
    assert amended.done == (good,)
    assert amended.manuscript.issue.subject == "The ferry  is back"
    assert amend(read(), [change(BODY, "One", "a\nb")]).done == ()


def test_one_bad_edit_among_hundreds_is_found_without_reading_the_file_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bullets = "".join(f"  - It sails  {number}.\n" for number in range(200))
    manuscript = read(SOURCE.replace("  - It sails  twice.\n", bullets))
    edits = [Edit(("summary", number, "text"), 8, 10, " ") for number in range(1, 201)]
    # Without its first word the text begins with what YAML takes for a comment.
    edits[120] = Edit(("summary", 121, "text"), 0, 8, "# ")
    readings: list[str] = []

    def counting(text: str, path: Path, name: str) -> object:
        readings.append(text)
        return load_text(text, path, name)

    monkeypatch.setattr(amending, "load_text", counting)
    amended = amend(manuscript, edits)
    assert set(amended.done) == {*edits[:120], *edits[121:]}
    assert amended.manuscript.value(("summary", 121, "text")) == "It sails  120."
    assert amended.manuscript.value(("summary", 200, "text")) == "It sails 199."
    assert len(readings) < 25


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_stay(end: str, mark: bytes) -> None:
    amended = amend(read(), [change(BODY, "Three\nfour", "3")])
    data = mark + SOURCE.replace("\n", end).encode()
    assert rewrite(data, amended.manuscript.text) == mark + (
        amended.manuscript.text.replace("\n", end).encode()
    )


def test_mixed_line_ends_stay_mixed() -> None:
    data = b"subject: a\r\npreheader: b  c\ndate: 2026-11-20\r\n"
    after = "subject: a\npreheader: b c\ndate: 2026-11-20\n"
    changed = rewrite(data, after)
    assert changed == b"subject: a\r\npreheader: b c\ndate: 2026-11-20\r\n"


def test_the_line_ends_around_a_change_stay_mixed() -> None:
    data = b"subject: a\r\n\n\r\nb: |\n\n  c\r\n\r\n\n  d\n"
    changed = rewrite(data, "subject: a\n\n\nb: |\n\n  c\n\n  new\n\n\n  d\n")
    assert changed == b"subject: a\r\n\n\r\nb: |\n\n  c\r\n\r\n  new\n\n\n  d\n"


VALUES = [("subject",), ("preheader",), ("summary", 0, "text"), ("summary", 1, "text"), BODY]


@given(
    st.sampled_from(VALUES),
    st.integers(0, 40),
    st.integers(0, 6),
    st.text("ab :#'\"\\-{[]}|>&*!%@`,?“é", max_size=5),
)
def test_whatever_is_put_in_the_issue_means_what_was_asked_or_is_left_alone(
    where: tuple[str | int, ...], start: int, length: int, replacement: str
) -> None:
    manuscript = read()
    value = manuscript.value(where)
    edit = Edit(where, start, min(start + length, len(value)), replacement)
    if start >= len(value):
        return
    amended = amend(manuscript, [edit])
    wanted = value[: edit.start] + replacement + value[edit.end :]
    assert amended.manuscript.value(where) == (wanted if amended.done else value)
    if not amended.done:
        assert amended.manuscript.text == SOURCE
