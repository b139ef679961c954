"""What an editor is told that changed between two versions of an issue."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue.changes.compare import compare
from newsletter.issue.changes.matching import Pair, match
from newsletter.issue.changes.model import Change, Changes, ParagraphChange, Piece
from newsletter.issue.changes.pieces import LONGEST, pieces
from newsletter.issue.changes.words import bag, count_words, tokens
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import Issue

BASE = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
summary:
  - text: The ferry sails again after eleven months.
    story: ferry
  - The library stays open until ten on weekdays.
sections:
  - headline: Night ferry returns
    id: ferry
    byline: By Ada Sample
    image:
      src: pictures/ferry.jpg
      alt: A white ferry under a full moon
      credit: "Photo: Ada Sample"
    body: |
      After eleven months in the yard the night ferry sails again on Friday evening.

      Tickets are sold on board and at the [kiosk](https://example.org/kiosk) on the pier.

      The fare stays the same, said the company that runs the line.
  - headline: Library open until ten
    body: |
      The library on Mill Lane closes at ten. The council voted for it by nine to four.
  - kind: divider
  - kind: links
    title: More to read
    items:
      - title: The timetable
        url: https://example.org/timetable
      - title: The fares of the winter
        url: https://example.org/fares
"""


def issue(text: str) -> Issue:
    manuscript = load_text(text, Path("issue.yaml"))
    assert isinstance(manuscript, Manuscript), manuscript
    return manuscript.issue


def changed(*replacements: tuple[str, str], base: str = BASE) -> Changes:
    """What is found after each first text was replaced by the second."""
    text = base
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return compare(issue(base), issue(text))


def story(body: str) -> str:
    lines = "".join(f"      {line}\n" if line else "\n" for line in body.split("\n"))
    return (
        "subject: A\npreheader: B\ndate: 2026-11-20\n"
        f"sections:\n  - headline: C\n    body: |\n{lines}"
    )


def paragraphs(old: str, new: str) -> tuple[ParagraphChange, ...]:
    """The changed paragraphs of a story with one body, then the other."""
    changes = compare(issue(story(old)), issue(story(new)))
    return tuple(p for section in changes.sections for p in section.paragraphs)


def marked(parts: tuple[Piece, ...]) -> str:
    marks = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
    return "".join(marks[piece.change].format(piece.text) for piece in parts)


def test_an_issue_and_itself() -> None:
    assert not changed()
    assert changed().words_added == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("subject: The night ferry is back", 'subject: "The night ferry is back"  # a note'),
        ("  - text: The ferry", "  # For Ada\n\n  - text:   The ferry"),
        ("  - The library stays", "  - text: The library stays"),
        ("returns\n    id: ferry\n", "returns\n    kind: story\n    id: ferry\n"),
        (
            "    id: ferry\n    byline: By Ada Sample\n",
            "    byline: By Ada Sample\n    id: ferry\n",
        ),
        ("in the yard the night", "in the yard\n      the   night"),
        ("date: 2026-11-20", 'date: "2026-11-20"\ndraft: false'),
        ("closes at ten", "closes\u00a0at \u200bten"),
    ],
)
def test_layout_comments_quotes_and_line_breaks_are_no_changes(old: str, new: str) -> None:
    assert not changed((old, new))


def test_words_of_the_subject() -> None:
    changes = changed(("night ferry is back", "winter ferry is back on Friday"))
    [field] = changes.fields
    assert field.name == "subject"
    assert marked(field.pieces) == "The[- night-]{+ winter+} ferry is back{+ on Friday+}"
    assert (changes.words_added, changes.words_removed) == (3, 1)


def test_a_date_changes_as_a_whole_and_counts_no_words() -> None:
    changes = changed(("2026-11-20", "2026-11-27"))
    [field] = changes.fields
    assert marked(field.pieces) == "[-2026-11-20-]{+2026-11-27+}"
    assert (changes.words_added, changes.words_removed) == (0, 0)


def test_words_of_a_paragraph() -> None:
    [section] = changed(("by nine to four", "by eight to five")).sections
    assert (section.change, section.title) == (Change.CHANGED, "Library open until ten")
    [paragraph] = section.paragraphs
    assert (paragraph.kind, paragraph.old, paragraph.new) == ("paragraph", 1, 1)
    assert marked(paragraph.pieces).endswith(" by[- nine-]{+ eight+} to[- four-]{+ five+}.")


def test_the_same_words_that_lead_elsewhere() -> None:
    changes = changed(("https://example.org/kiosk", "https://example.org/office"))
    [paragraph] = changes.sections[0].paragraphs
    [link] = paragraph.links
    assert (link.kind, link.words) == ("link", "kiosk")
    assert (link.old, link.new) == ("https://example.org/kiosk", "https://example.org/office")
    assert paragraph.change is Change.CHANGED
    assert (changes.words_added, changes.words_removed) == (0, 0)


def test_a_link_that_was_taken_off_its_words() -> None:
    [paragraph] = paragraphs("See the [list](https://example.org/a) now.", "See the list now.")
    assert [(link.words, link.old, link.new) for link in paragraph.links] == [
        ("list", "https://example.org/a", None)
    ]


def test_an_address_among_the_words_is_said_once() -> None:
    [paragraph] = paragraphs(
        "Look at https://example.org/a now.", "Look at https://example.org/b now."
    )
    assert marked(paragraph.pieces) == (
        "Look at[- https://example.org/a-]{+ https://example.org/b+} now."
    )
    assert paragraph.links == ()


def test_a_picture() -> None:
    [section] = changed(
        ("pictures/ferry.jpg", "pictures/pier.jpg"),
        ("A white ferry", "A small ferry"),
        ('    credit: "Photo: Ada Sample"\n', "    caption: The boat\n"),
    ).sections
    assert {field.name: marked(field.pieces) for field in section.fields} == {
        "image.src": "[-pictures/ferry.jpg-]{+pictures/pier.jpg+}",
        "image.alt": "A[- white-]{+ small+} ferry under a full moon",
        "image.credit": "[-Photo: Ada Sample-]",
        "image.caption": "{+The boat+}",
    }


def test_a_picture_inside_a_text() -> None:
    [paragraph] = paragraphs("![A pier](a.jpg)", "![A pier](b.jpg)")
    [link] = paragraph.links
    assert (link.kind, link.words, link.old, link.new) == ("picture", "A pier", "a.jpg", "b.jpg")


def test_a_byline_and_a_headline() -> None:
    [section] = changed(("By Ada Sample", "By Jon Example"), ("Night ferry", "Late ferry")).sections
    assert section.title == "Late ferry returns"
    assert {field.name: marked(field.pieces) for field in section.fields} == {
        "headline": "[-Night-]{+Late+} ferry returns",
        "byline": "By[- Ada Sample-]{+ Jon Example+}",
    }


def test_a_story_is_known_by_its_words_when_its_headline_is_new() -> None:
    [section] = changed(("Library open until ten", "Longer hours for readers")).sections
    assert section.change is Change.CHANGED
    assert [field.name for field in section.fields] == ["headline"]


def test_a_story_is_known_by_its_id_when_everything_else_is_new() -> None:
    base = story("Old words.").replace("    body", "    id: one\n    body")
    new = base.replace("headline: C", "headline: Something else").replace("Old words", "Fresh text")
    [section] = compare(issue(base), issue(new)).sections
    assert section.change is Change.CHANGED
    [paragraph_before, paragraph_after] = section.paragraphs
    assert paragraph_before.change is Change.REMOVED
    assert paragraph_after.change is Change.ADDED


def test_a_story_that_moved_and_changed() -> None:
    first, second = (
        BASE[BASE.index(f"  - headline: {name}") : BASE.index(end)]
        for name, end in (("Night", "  - headline: Lib"), ("Library", "  - kind: divider"))
    )
    text = BASE.replace(first + second, second.replace("nine", "ten") + first)
    changes = compare(issue(BASE), issue(text))
    assert [(s.title, s.moved, s.old, s.new) for s in changes.sections if s.moved] == [
        ("Library open until ten", True, 2, 1)
    ]
    assert [s.change for s in changes.sections] == [Change.CHANGED]


def test_a_new_story_and_one_that_is_gone() -> None:
    gone = BASE[BASE.index("  - headline: Library") : BASE.index("  - kind: divider")]
    new = "  - headline: A name for the hall\n    body: Anybody may propose one.\n"
    changes = changed((gone, new))
    assert [(s.change, s.title, s.old, s.new) for s in changes.sections] == [
        (Change.REMOVED, "Library open until ten", 2, None),
        (Change.ADDED, "A name for the hall", None, 2),
    ]
    assert changes.words_added == 5 + 4
    assert changes.words_removed == 4 + 17


def test_one_divider_more_moves_nothing() -> None:
    changes = changed(("  - kind: links", "  - kind: divider\n  - kind: links"))
    assert [(s.change, s.kind) for s in changes.sections] == [(Change.ADDED, "divider")]


def test_bullets() -> None:
    changes = changed(
        ("after eleven months", "after twelve months"),
        ("    story: ferry\n", "    story: library\n"),
        ("on weekdays.\n", "on weekdays.\n  - The hall has no name.\n"),
        ("Library open until ten\n", "Library open until ten\n    id: library\n"),
    )
    first, new = changes.summary
    assert marked(first.pieces) == "The ferry sails again after[- eleven-]{+ twelve+} months."
    assert [(link.kind, link.old, link.new) for link in first.links] == [
        ("story", "ferry", "library")
    ]
    assert (new.change, new.old, new.new) == (Change.ADDED, None, 3)


def test_bullets_that_changed_places() -> None:
    [moved] = changed(
        (
            "  - text: The ferry sails again after eleven months.\n    story: ferry\n"
            "  - The library stays open until ten on weekdays.\n",
            "  - The library stays open until ten on weekdays.\n"
            "  - text: The ferry sails again after eleven months.\n    story: ferry\n",
        )
    ).summary
    assert (moved.change, moved.moved) == (Change.MOVED, True)


def test_entries_of_a_list_of_links() -> None:
    [section] = changed(
        ("https://example.org/timetable", "https://example.org/new-timetable"),
        ("title: The fares of the winter", "title: The fares of the summer"),
    ).sections
    address, words = section.paragraphs
    assert [(link.words, link.new) for link in address.links] == [
        ("The timetable", "https://example.org/new-timetable")
    ]
    assert marked(words.pieces) == "The fares of the[- winter-]{+ summer+}"
    assert words.links == ()


def test_paragraphs_new_gone_and_moved() -> None:
    one, two, three = (
        "The boat sails on Friday evening.",
        "Tickets cost four pounds each way.",
        "A dog slept through everything else.",
    )
    assert [
        (p.change, p.old, p.new) for p in paragraphs(f"{one}\n\n{two}", f"{one}\n\n{three}")
    ] == [
        (Change.REMOVED, 2, None),
        (Change.ADDED, None, 2),
    ]
    [moved] = paragraphs(f"{one}\n\n{two}\n\n{three}", f"{three}\n\n{one}\n\n{two}")
    assert (moved.change, moved.old, moved.new) == (Change.MOVED, 3, 1)
    assert marked(moved.pieces) == three


def test_a_paragraph_that_was_broken_in_two_loses_no_word() -> None:
    whole = "The boat sails on Friday evening. Tickets cost four pounds each way. Dogs travel free."
    [broken] = paragraphs(whole, whole.replace("way. ", "way.\n\n"))
    assert marked(broken.pieces) == (
        "The boat sails on Friday evening. Tickets cost four pounds each way.{+ ¶+}"
        " Dogs travel free."
    )
    [joined_again] = paragraphs(whole.replace("evening. ", "evening.\n\n"), whole)
    assert "[- ¶-]" in marked(joined_again.pieces)


def test_emphasis_is_seen() -> None:
    [paragraph] = paragraphs("The Kittiwake sails on.", "The *Kittiwake* sails on.")
    assert marked(paragraph.pieces) == "The{+ *+} Kittiwake{+*+} sails on."
    assert paragraphs("The *Kittiwake* sails on.", "The _Kittiwake_ sails on.") == ()
    assert paragraphs("Go **[there](https://example.org)**.", "Go [there](https://example.org).")


def test_a_paragraph_that_became_a_quotation() -> None:
    [paragraph] = paragraphs("The boat sails on.", "> The boat sails on.")
    assert (paragraph.change, paragraph.old_kind, paragraph.kind) == (
        Change.CHANGED,
        "paragraph",
        "quote",
    )


def test_code_and_cells_of_a_table() -> None:
    [code] = paragraphs("Type `make` now.", "Type `take` now.")
    assert marked(code.pieces) == "Type[- make-]{+ take+} now."
    table = "| Crossing | Time |\n|---|---|\n| First | 7.00 am |\n| Last | 5.15 pm |"
    [row] = paragraphs(table, table.replace("5.15", "5.20"))
    assert (row.kind, row.new, marked(row.pieces)) == (
        "row",
        3,
        "Last |[- 5.15-]{+ 5.20+} pm",
    )


def test_quotation_marks_that_turned() -> None:
    [paragraph] = paragraphs('She said "come in" to them.', "She said “come in” to them.")
    assert marked(paragraph.pieces) == 'She said[- "-]{+ “+}come in[-"-]{+”+} to them.'


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Пором іде в п’ятницю.", "Пором іде в суботу.", "Пором іде в[- п’ятницю-]{+ суботу+}."),
        ("המעבורת חוזרת מחר.", "המעבורת חוזרת היום.", "המעבורת חוזרת[- מחר-]{+ היום+}."),
        ("شَمْسٌ اليوم هنا", "شَمْسٌ غدا هنا", "شَمْسٌ[- اليوم-]{+ غدا+} هنا"),
        ("夜船が戻る", "夜船は戻る", "夜船[-が-]{+は+}戻る"),
        ("Der Hafen ist groß.", "Der Hafen wird groß.", "Der Hafen[- ist-]{+ wird+} groß."),
    ],
)
def test_words_of_other_scripts(old: str, new: str, shown: str) -> None:
    assert marked(pieces(tokens(old), tokens(new))) == shown


def test_one_letter_written_as_two_characters_is_the_same_letter() -> None:
    assert paragraphs("Олег Бойчук", "Олег Бои\u0306чук") == ()


def test_what_is_a_word() -> None:
    text = "It’s £1,904.50 at 7.30 pm, {{ name | dear reader }}: well-known — “so”. см. п’ять"
    assert [token.text for token in tokens(text)] == [
        *("It’s", "£", "1,904.50", "at", "7.30", "pm", ",", "{{ name | dear reader }}", ":"),
        *("well-known", "—", "“", "so", "”", ".", "см", ".", "п’ять"),
    ]
    assert count_words("It’s £5 — “so”.") == 3


def test_a_sentence_of_which_little_is_left_is_shown_as_replaced() -> None:
    old, new = "The boat sails at ten on Friday.", "Nobody at the mill knew the baker."
    assert marked(pieces(tokens(old), tokens(new))) == f"[-{old}-]{{+{new}+}}"


def test_a_text_too_long_to_compare_is_shown_as_replaced() -> None:
    old = " ".join(f"w{number}" for number in range(LONGEST + 1))
    assert [p.change for p in pieces(tokens(old), tokens(f"x {old}"))] == [
        Change.REMOVED,
        Change.ADDED,
    ]


WORDS = st.lists(
    st.sampled_from(["the", "ferry", "a", ",", ".", "“", "”", "Олена", "שלום", "x-y", "7.30"])
)


@given(WORDS, WORDS)
def test_pieces_make_both_texts_again(old: list[str], new: list[str]) -> None:
    before, after = tokens(" ".join(old)), tokens(" ".join(new))
    parts = pieces(before, after)
    for left_out, expected in ((Change.ADDED, before), (Change.REMOVED, after)):
        text = "".join(piece.text for piece in parts if piece.change is not left_out)
        assert [t.text for t in tokens(text)] == [t.text for t in expected]


@given(st.lists(st.integers(0, 6)), st.lists(st.integers(0, 6)))
def test_every_entry_of_both_lists_stands_in_one_pair(old: list[int], new: list[int]) -> None:
    pairs = match(old, new, (lambda n: n or None,), lambda n: bag(tokens(f"word{n}")))
    assert sorted(p.old for p in pairs if p.old is not None) == list(range(len(old)))
    assert [p.new for p in pairs if p.new is not None] == list(range(len(new)))
    both = [(p.old, p.new) for p in pairs if p.old is not None and p.new is not None]
    assert all(old[i] == new[j] for i, j in both)
    staying = [p.old for p in pairs if p.old is not None and p.new is not None and not p.moved]
    assert staying == sorted(staying)


def test_what_is_gone_stands_behind_what_it_stood_behind() -> None:
    pairs = match("abcd", "dab", (str,), lambda _: bag(()))
    assert pairs == [Pair(3, 0, moved=True), Pair(0, 1), Pair(1, 2), Pair(2, None)]


def test_the_counts_of_words_fit_any_edit() -> None:
    chance = random.Random(5)
    vocabulary = ["ferry", "library", "the", "ten", "council", "Олена", "pier,", "said.", "*old*"]

    def text() -> str:
        lengths = [chance.randint(1, 30) for _ in range(chance.randint(1, 6))]
        return "\n\n".join(" ".join(chance.choices(vocabulary, k=length)) for length in lengths)

    for _ in range(60):
        old, new = text(), text()
        changes = compare(issue(story(old)), issue(story(new)))
        difference = count_words(new) - count_words(old)
        assert changes.words_added - changes.words_removed == difference
