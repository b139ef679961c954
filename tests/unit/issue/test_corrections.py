"""A correction written into an issue file: where it stands, and that nothing else moves."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.issue.corrections import add_correction
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript

HEAD = 'subject: "A"\npreheader: b # c\ndate: 2026-11-20\nsections:\n  - headline: x\n    body: y'
DAY = datetime.date(2026, 11, 23)
ENTRY = '- date: 2026-11-23\n{0}  note: "Eight."'


def read(text: str) -> Manuscript:
    found = load_text(text, Path("issues/2026-11-20.yaml"), "2026-11-20.yaml")
    assert isinstance(found, Manuscript), found
    return found


@pytest.mark.parametrize(
    "tail",
    [
        *("", "\n", "\n\n\n", "\noutro: |\n  Bye.\n\n  And more.\n", "\noutro: |-\n  Bye.\n\n"),
        *("\n# The end.\n", '\noutro: "Bye."   # said', "\noutro: >\n  Bye.\n"),
    ],
)
def test_the_first_one_begins_a_list_at_the_end(tail: str) -> None:
    before = read(HEAD + tail)
    after = add_correction(before, DAY, "Eight.")
    assert after.text.startswith((HEAD + tail).rstrip("\n"))
    assert after.text.rstrip("\n").endswith("\n\ncorrections:\n  " + ENTRY.format("  "))
    assert [c.note for c in after.issue.corrections] == ["Eight."]
    assert after.issue.model_copy(update={"corrections": ()}) == before.issue


@pytest.mark.parametrize(
    ("there", "indent"),
    [
        ("corrections:\n  - date: 2026-11-21\n    note: Nine.", "  "),
        ("corrections:\n- date: 2026-11-21\n  note: Nine.   # who said so\n", ""),
        ("corrections:\n    - note: Nine.\n      date: 2026-11-21\n\n# end\n", "    "),
        ("corrections:\n  - date: 2026-11-21\n    note: |\n      Nine.\noutro: Bye.\n", "  "),
    ],
)
def test_another_one_stands_below_the_last_as_deep_as_it(there: str, indent: str) -> None:
    before = read(f"{HEAD}\n{there}")
    after = add_correction(before, DAY, "Eight.")
    assert indent + ENTRY.format(indent) in after.text
    assert [c.note for c in after.issue.corrections] == ["Nine.", "Eight."]
    lines = after.text.splitlines()
    assert [line for line in lines if line in before.text.splitlines()] == (
        before.text.splitlines()
    )


@pytest.mark.parametrize(
    "there",
    [
        *("corrections: []", "corrections:", "corrections: ~"),
        "corrections: [{date: 2026-11-21, note: Nine.}]",
        "outro: |+\n  Bye.\n\n\n",
    ],
)
def test_where_it_cannot_stand_the_editor_is_told(there: str) -> None:
    with pytest.raises(NewsletterError) as caught:
        add_correction(read(f"{HEAD}\n{there}"), DAY, "Eight.")
    assert caught.value.hint


@pytest.mark.parametrize(
    "note",
    ['It is "called" so.', "It's \\ so: # no", "- no list", "{{ name | reader }}", "é 🦀 ع", "no"],
)
def test_any_words_can_be_a_note(note: str) -> None:
    assert add_correction(read(HEAD), DAY, note).issue.corrections[0].note == note


def test_line_breaks_of_a_note_are_spaces() -> None:
    assert add_correction(read(HEAD), DAY, " a\n\n b ").issue.corrections[0].note == "a b"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("visibility: hidden", "Write one of these: public, unlisted or private."),
        ("corrections:\n  - date: yesterday\n    note: x", "date"),
        ("corrections:\n  - date: 2026-11-23", 'the correction has no "note"'),
        ("corrections:\n  - date: 2026-11-23\n    note: x\n    by: me", "The correction takes"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(line: str, said: str) -> None:
    found = load_text(f"{HEAD}\n{line}\n", Path("a.yaml"), "a.yaml")
    assert isinstance(found, tuple)
    assert said in found[0].message + found[0].hint
    assert found[0].line >= 7
