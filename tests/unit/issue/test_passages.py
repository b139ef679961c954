"""Words without Markdown's signs, and every character leads back to the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.markdown import CODE, blocks, inline
from newsletter.issue.passages import Passage, passages

HEAD = "subject: Ferry\npreheader: It sails\ndate: 2026-11-20\n"


def read(text: str) -> Manuscript:
    manuscript = load_text(HEAD + text, Path("2026-11-20.yaml"))
    assert isinstance(manuscript, Manuscript), manuscript
    return manuscript


def body(text: str) -> list[Passage]:
    indented = "\n".join(f"      {line}" for line in text.split("\n"))
    issue = read(f"sections:\n  - headline: Ferry\n    body: |\n{indented}\n").issue
    return [p for p in passages(issue) if p.where[-1] == "body"]


def value(manuscript: Manuscript, where: Where) -> str:
    found: object = manuscript.issue
    for step in where:
        found = found[step] if isinstance(step, int) else getattr(found, step)  # type: ignore[index]
    assert isinstance(found, str)
    return found


def test_an_issue_is_read_from_top_to_bottom() -> None:
    manuscript = read(
        """title: Winter
intro: Hello.
summary:
  - text: The *ferry* sails.
    story: ferry
sections:
  - headline: Ferry
    id: ferry
    body: |
      # More

      One.

      - two

      > three

      | a | b |
      |---|---|
      | c | d |
    byline: By Ada Sample
    image: {src: a.jpg, alt: A ferry, credit: Ada, caption: Back}
  - kind: quote
    text: Four
    source: Ada
  - kind: links
    title: More
    items: [{title: Five, url: "https://example.com", note: Six}]
  - {kind: button, label: Seven, url: "https://example.com"}
outro: Bye.
"""
    )
    kinds = [(p.kind.value, p.text, p.section) for p in passages(manuscript.issue)]
    assert kinds == [
        ("subject", "Ferry", None),
        ("preheader", "It sails", None),
        ("title", "Winter", None),
        ("paragraph", "Hello.", None),
        ("bullet", "The ferry sails.", None),
        ("headline", "Ferry", 0),
        ("heading", "More", 0),
        ("paragraph", "One.", 0),
        ("item", "two", 0),
        ("quote", "three", 0),
        ("cell", "a", 0),
        ("cell", "b", 0),
        ("cell", "c", 0),
        ("cell", "d", 0),
        ("alt", "A ferry", 0),
        ("credit", "Ada", 0),
        ("caption", "Back", 0),
        ("byline", "By Ada Sample", 0),
        ("quote", "Four", 1),
        ("source", "Ada", 1),
        ("title", "More", 2),
        ("label", "Five", 2),
        ("note", "Six", 2),
        ("label", "Seven", 3),
        ("paragraph", "Bye.", None),
    ]


def test_a_character_stands_where_it_is_said_to_stand() -> None:
    source = (
        "A **bold** \\*claim\\* &amp; [a link](https://example.com/a 'a link') to `a`\n"
        "link {{ x }}."
    )
    (passage,) = body(source)
    assert passage.text == f"A bold *claim* & a link to {CODE}\nlink {{{{ x }}}}."
    at = passage.text.rindex("link")
    assert source[passage.at(at) :].startswith("link {{")
    assert passage.at(len(passage.text)) == len(source)


@pytest.mark.parametrize(
    ("source", "words", "href", "address"),
    [
        ("see [a *b*](https://example.com/x).", "a b", "https://example.com/x", "https://exa"),
        ("see [a](<https://example.com/x y>).", "a", "https://example.com/x y", "https://exa"),
        ("[a]({{ unsubscribe_url }})", "a", "{{ unsubscribe_url }}", "{{ unsubscr"),
        (
            "at https://example.com/x.",
            "https://example.com/x",
            "https://example.com/x",
            "https://exa",
        ),
        ("at <https://example.com/x>.", "https://example.com/x", "https://example.com/x", None),
        ("at www.example.com.", "www.example.com", "https://www.example.com", "www.example"),
        ("[a][1]\n\n[1]: https://example.com/x", "a", "https://example.com/x", None),
    ],
)
def test_a_link_knows_its_words_its_address_and_where_they_stand(
    source: str, words: str, href: str, address: str | None
) -> None:
    passage = body(source)[0]
    (link,) = passage.links
    assert passage.text[link.start : link.end] == words
    assert link.href == href
    assert (link.href_at is None) == (address is None)
    if address is not None and link.href_at is not None:
        assert source[link.href_at :].startswith(address)


def test_code_is_nobodys_words_and_a_line_break_is_known() -> None:
    (passage,) = body("One `the the`  \ntwo")
    assert passage.text == f"One {CODE * 7}\ntwo"
    assert passage.breaks == {11}
    assert [p.text for p in body("One\n\n```\nthe the\n```")] == ["One"]


SIGNS = ("word ", "**", "_", "`", "[", "](https://example.com)", "](x 'y')", "![", "\\", "&amp;")
LINES = (
    "\n",
    "\n\n",
    "> ",
    "- ",
    "1. ",
    "    ",
    "|",
    "|-|\n",
    "[^1]",
    "[^1]: ",
    "^[n]",
    "  \n",
    "# ",
)
OTHER = ("{{ x }}", "https://example.com/a_b ", "é", "~~", "***", "<https://example.com>", "<b>")
PIECES = st.sampled_from((*SIGNS, *LINES, *OTHER))


def test_a_note_inside_a_note_does_not_move_the_text_around_it() -> None:
    note, around = blocks("[^1]: words ^[more words] and more [^1]")
    assert (note.content.text, note.content.offsets[0]) == ("more words", 14)
    assert (around.content.text, around.content.offsets[0]) == ("words  and more ", 6)


@given(st.lists(PIECES, max_size=30).map("".join))
@example("[^1]: ^[n]word [^1]")
@example("[^1]: ^[n]****[^1]****_")
def test_whatever_is_typed_each_character_is_found_at_its_place(source: str) -> None:
    for content in [
        *(block.content for block in blocks(source)),
        inline(source.replace("\n", " ")),
    ]:
        assert len(content.offsets) == len(content.text) + 1
        for link in content.links:
            assert 0 <= link.start <= link.end <= len(content.text)
    for block in blocks(source):
        text, offsets = block.content.text, block.content.offsets
        for character, offset in zip(text, offsets, strict=False):
            assert (
                character == source[offset] or character in f"{CODE}\n&" or source[offset] == "\\"
            )
