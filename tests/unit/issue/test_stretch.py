"""What is edited when somebody points at a word of the letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.stretch import stretch

BODY = """\
First paragraph, wrapped
by *hand* {{ name | friend }}.

## A heading ##

- one
- two is
  two lines
  1. inside

> He said
> it twice.
>
> - and listed

Setext
======

| Cell | Other |
|------|-------|
| a    | b     |

```
code
```

2. 2 apples[^1]

[^1]: A note
    of two lines.
"""

SOURCE = f"""\
subject: The ferry is back
preheader: "A \\u201ctimetable\\u201d"
date: 2026-11-20
language: en
intro: One paragraph.
summary:
  - text: The ferry sails.
    story: ferry
  - It sails twice.
sections:
  - headline: >-
      The long
      headline
    id: ferry
    image:
      src: pictures/ferry.png
      alt: ""
    body: |
{"".join(f"      {line}" if line.strip() else line for line in BODY.splitlines(keepends=True))}
  - kind: quote
    text: I was there.
  - kind: links
    title: More
    items:
      - title: A page
        url: https://example.org/
"""


def read(text: str = SOURCE) -> Manuscript:
    manuscript = load_text(text, Path("2026-11-20.yaml"))
    assert isinstance(manuscript, Manuscript), manuscript
    return manuscript


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (("subject",), "The ferry is back"),
        (("preheader",), "A “timetable”"),
        (("summary", 0, "text"), "The ferry sails."),
        (("summary", 1, "text"), "It sails twice."),
        (("sections", 0, "headline"), "The long headline"),
        (("sections", 0, "image", "alt"), ""),
        (("sections", 2, "items", 0, "title"), "A page"),
        (("intro",), "One paragraph."),
        (("sections", 1, "text"), "I was there."),
        (("title",), ""),
        (("sections", 0, "byline"), ""),
        (("sections", 0, "image", "caption"), ""),
    ],
)
def test_a_line_is_edited_as_a_whole(where: tuple[str | int, ...], text: str) -> None:
    found = stretch(read(), where)
    assert found is not None
    assert found.text == text
    assert (found.where, found.start, found.end) == (where, 0, len(text))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("wrapped", "First paragraph, wrapped\nby *hand* {{ name | friend }}."),
        ("friend", "First paragraph, wrapped\nby *hand* {{ name | friend }}."),
        ("heading", "A heading"),
        ("one", "one"),
        ("two lines\n  1", "two is\ntwo lines"),
        ("inside", "inside"),
        ("twice", "He said\nit twice."),
        ("listed", "and listed"),
        ("Setext", "Setext"),
        ("2 apples", "2 apples[^1]"),
        ("A note", "A note\nof two lines."),
    ],
)
def test_in_a_body_it_is_the_paragraph_without_the_signs_of_its_block(word: str, text: str) -> None:
    found = stretch(read(), ("sections", 0, "body"), BODY.index(word))
    assert found is not None
    assert found.text == text
    first, last = text.split("\n")[0], text.split("\n")[-1]
    assert BODY[found.start :].startswith(first)
    assert BODY[: found.end].endswith(last)


@pytest.mark.parametrize(
    ("where", "offset"),
    [
        (("sections", 0, "body"), BODY.index("Cell")),
        (("sections", 0, "body"), BODY.index("code")),
        (("sections", 0, "body"), BODY.index("\n\n") + 1),
        (("sections", 0, "body"), None),
        (("sections", 0, "body"), len(BODY) + 9),
        (("sections", 0, "body"), -1),
        (("sections", 0, "image", "src"), None),
        (("sections", 2, "items", 0, "url"), None),
        (("sections", 0, "id"), None),
        (("sections", 0, "image"), None),
        (("sections", 9, "headline"), None),
        (("sections", -1, "headline"), None),
        (("sections", "0", "headline"), None),
        (("summary", 1), None),
        (("date",), None),
        (("language",), None),
        (("outro",), None),
        (("__doc__",), None),
        (("model_config", "extra"), None),
        ((), None),
    ],
)
def test_what_is_not_words_is_not_edited(where: tuple[str | int, ...], offset: int | None) -> None:
    assert stretch(read(), where, offset) is None


@given(st.text("ab 12.->#*`|~:=[]^(){}\t\n\\", max_size=60), st.integers(0, 60))
def test_whatever_a_body_holds_a_stretch_is_made_of_its_characters(body: str, at: int) -> None:
    import json

    source = SOURCE.replace("intro: One paragraph.", f"intro: {json.dumps(body + 'x')}")
    manuscript = load_text(source, Path("2026-11-20.yaml"))
    if not isinstance(manuscript, Manuscript):
        return
    value = manuscript.value(("intro",))
    found = stretch(manuscript, ("intro",), min(at, len(value)))
    if found is not None:
        assert 0 <= found.start < found.end <= len(value)
        assert value[found.start] == found.text[0]
        assert value[found.end - 1] == found.text[-1]
        rest = iter(value[found.start : found.end])
        assert all(character in rest for character in found.text)
