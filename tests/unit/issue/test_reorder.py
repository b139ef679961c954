"""Sections change their order, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import NewsletterError
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.reorder import move_section, new_order, rearrange

HEAD = """\
subject: The ferry
preheader: P
date: 2026-11-20
summary:
  - text: Two is announced.
    story: two
sections:   # from top to bottom
"""
ONE = """\
  # About one,
  # in two lines.
  - headline: One   # a comment
    body: |
      Text # of one.
      # this is text

      - not a section
    # a note on one
"""
TWO = """\
  - kind: text
    body: >
      Folded
      two.
    id: two
"""
THREE = """\
  # About three.
  -
    body: Three
    image: {src: a.png, alt: ""}
    headline: "Three
      - headline: looks like one"
"""
GAP = "\n  # --- The second half ---\n\n"
TAIL = "# The end\n\noutro: Bye.\n"
SOURCE = f"{HEAD}{ONE}{GAP}{TWO}\n{THREE}{TAIL}"


def read(text: str = SOURCE) -> Manuscript:
    manuscript = load_text(text, Path("2026-11-20.yaml"))
    assert isinstance(manuscript, Manuscript), manuscript
    return manuscript


@pytest.mark.parametrize(
    ("index", "to", "order"),
    [
        (0, 0, (ONE, TWO, THREE)),
        (0, 1, (TWO, ONE, THREE)),
        (0, 2, (TWO, THREE, ONE)),
        (1, 0, (TWO, ONE, THREE)),
        (1, 2, (ONE, THREE, TWO)),
        (2, 0, (THREE, ONE, TWO)),
        (2, 1, (ONE, THREE, TWO)),
    ],
)
def test_a_section_moves_with_its_comments_and_the_rest_stays(
    index: int, to: int, order: tuple[str, str, str]
) -> None:
    moved = move_section(read(), index, to)
    assert moved.text == f"{HEAD}{order[0]}{GAP}{order[1]}\n{order[2]}{TAIL}"
    assert moved.issue.summary[0].story == "two"


def test_sections_without_indentation_and_without_blank_lines_move() -> None:
    head = "subject: S\npreheader: P\ndate: 2026-11-20\nsections:\n"
    one, two = "# first\n- headline: One\n  body: a\n  # deep\n", "# second\n- kind: divider\n"
    assert move_section(read(head + one + two), 0, 1).text == head + two + one
    noted = one + "\n  # deeper, so about the one above\n\n"
    moved = move_section(read(head + noted + two), 0, 1)
    assert moved.text == head + two + "\n" + noted.removesuffix("\n")
    tail = "# behind all\n"
    assert move_section(read(head + one + two + tail), 1, 0).text == head + two + one + tail


def test_the_last_section_of_a_file_without_a_last_line_end_moves() -> None:
    source = f"{HEAD}{ONE}\n{TWO}".removesuffix("\n")
    assert move_section(read(source), 1, 0).text == f"{HEAD}{TWO}\n{ONE}".removesuffix("\n")
    block = "  - kind: text\n    id: two\n    body: |\n      At the end"
    moved = move_section(read(f"{HEAD}{ONE}\n{block}"), 1, 0)
    assert moved.text == f"{HEAD}{block}\n\n{ONE}".removesuffix("\n")


@pytest.mark.parametrize(
    "sections",
    [
        "sections: [{headline: One, body: a, id: two}, {kind: divider}]\n",
        "sections:\n  [{headline: One, body: a, id: two},\n  {kind: divider}]\n",
        "sections:\n  - headline: One\n    id: two\n    body: |+\n      a\n\n  - kind: divider\n",
    ],
)
def test_what_cannot_move_by_itself_is_refused(sections: str) -> None:
    manuscript = read(HEAD.replace("sections:   # from top to bottom\n", sections))
    with pytest.raises(NewsletterError, match="cannot be moved") as refused:
        move_section(manuscript, 0, 1)
    assert refused.value.hint


def test_an_entry_between_braces_moves_if_its_line_is_its_own() -> None:
    manuscript = read(HEAD + "  - {kind: divider}\n  - {headline: One, body: a, id: two}\n")
    moved = move_section(manuscript, 0, 1)
    assert moved.text == HEAD + "  - {headline: One, body: a, id: two}\n  - {kind: divider}\n"


@pytest.mark.parametrize(("index", "to"), [(3, 0), (0, 3), (-1, 0), (0, -1)])
def test_there_must_be_such_a_section(index: int, to: int) -> None:
    with pytest.raises(NewsletterError, match="there is no section"):
        move_section(read(), index, to)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_stay(mark: bytes, end: str) -> None:
    data = mark + SOURCE.replace("\n", end).encode()
    moved = rearrange(data, new_order(read(), 2, 0))
    assert moved == mark + move_section(read(), 2, 0).text.replace("\n", end).encode()


def test_mixed_line_ends_move_with_their_lines() -> None:
    one, two = "  - kind: divider\r\n", "  - headline: Two\r\n    id: two\n    body: b"
    data = (HEAD + one + two).encode()
    moved = rearrange(data, new_order(read(data.decode()), 1, 0))
    assert moved == (HEAD + two + "\r\n" + one.removesuffix("\r\n")).encode()


PARTS = st.sampled_from([ONE, TWO.replace("    id: two\n", ""), THREE, "  - kind: divider\n"])
GAPS = st.sampled_from(["", "\n", "\n\n", GAP, "    # deep\n\n", "#\n\n"])


@given(st.data(), st.lists(st.tuples(PARTS, GAPS), min_size=1, max_size=5), st.booleans())
def test_moved_there_and_back_the_file_is_as_it_was(
    data: st.DataObject, parts: list[tuple[str, str]], is_ended: bool
) -> None:
    source = HEAD.replace("    story: two\n", "") + "".join(map("".join, parts))
    manuscript = read(source if is_ended else source.rstrip("\n"))
    index, to = (data.draw(st.integers(0, len(parts) - 1)) for _ in "it")
    moved = move_section(manuscript, index, to)
    names = [section.model_dump() for section in manuscript.issue.sections]
    names.insert(to, names.pop(index))
    assert [section.kind for section in moved.issue.sections] == [name["kind"] for name in names]
    assert sorted(moved.text.split("\n")) == sorted(manuscript.text.split("\n"))
    assert move_section(moved, to, index).text == manuscript.text
