"""Whatever a file holds, reading it ends with a manuscript or findings inside the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.problems import RULES
from tests.proof import rounds

VALID = """\
subject: "Storm: the harbour closes"
preheader: 'It''s the third'
date: 2026-11-20
summary:
  - No ship left.
  - text: The museum reopens.
    story: museum
sections:
  - headline: The harbour closes
    body: |
      No ship left.

      - None came: none.
    image:
      src: a.jpg
      alt: ""
  - headline: Museum  # reopened
    id: museum
    body: >
      Folded
      text.
  - {kind: quote, text: [x], source: "a\\tb"}
"""
SIGNS = (
    *(
        "\t",
        "\n",
        " ",
        "  ",
        ":",
        ": ",
        "#",
        " #a",
        "'",
        '"',
        "- ",
        "-",
        "|",
        ">",
        "&a ",
        "*a",
        "!",
    ),
    *("!!python/none ", "[", "]", "{", "}", "{{", "%", "@", "`", "? ", ",", "---\n", "...\n", "\\"),
    *("\u2028", "\x85", "\ufeff", "\0", "“", "”", "ж", "headline:", "<<: *a\n", "\r", "\r\n", "~"),
)
PIECES = st.sampled_from(SIGNS)
EDIT = st.tuples(st.integers(0, len(VALID)), st.integers(0, 12), PIECES)


def check(source: str | bytes) -> None:
    read = load_text(source, Path("x.yaml"))
    if isinstance(read, Manuscript):
        for where in read.spans:
            assert read.place(where, 0) >= (1, 1)
        return
    assert read
    text = source.decode(errors="replace") if isinstance(source, bytes) else source
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in read:
        assert finding.rule in RULES
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
    assert len(set(read)) == len(read)


@pytest.mark.proof
@pytest.mark.timeout(3600)
@settings(max_examples=rounds(300, 20_000))
@given(st.lists(EDIT, min_size=1, max_size=5))
def test_a_damaged_issue(edits: list[tuple[int, int, str]]) -> None:
    text = VALID
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    check(text)


@pytest.mark.proof
@pytest.mark.timeout(3600)
@settings(max_examples=rounds(100, 5_000))
@given(st.lists(PIECES | st.sampled_from(["a", "body", "sections:\n"]), max_size=30).map("".join))
def test_signs_in_any_order(text: str) -> None:
    check(text)


@pytest.mark.proof
@pytest.mark.timeout(3600)
@settings(max_examples=rounds(100, 5_000))
@given(st.binary(max_size=60), st.integers(0, len(VALID)))
def test_any_bytes(data: bytes, place: int) -> None:
    check(data)
    check(VALID[:place].encode() + data + VALID[place:].encode())
