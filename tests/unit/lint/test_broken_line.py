from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]
Mended = Callable[..., list[tuple[str, str]]]

REST = "\n\nThe rest of the letter is as it should be, with a full stop at the end of it."


def body(text: str) -> str:
    return "intro: |\n" + "\n".join(f"  {line}".rstrip(" ") for line in text.split("\n"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The night ferry sails again from\n\nnext Friday on."),
        ("en", "The council has, after a long debate and two votes,\n\nchanged its mind."),
        ("de", "Das Angebot liegt auf dem\n\nneuen Tisch."),
        ("uk", "Оркестр репетирує на\n\nстанції метро."),
        ("pl", "Orkiestra ćwiczy na\n\nstacji metra."),
        ("fr", "Le bac part de\n\nnouveau vendredi."),
    ],
)
def test_a_sentence_cut_by_a_blank_line_is_joined(
    places: Places, mended: Mended, language: str, text: str
) -> None:
    assert places("broken-line", body(text), language=language) == ["4:3 warning"]
    assert mended("broken-line", body(text), language=language) == [("\n\n", " ")]


def test_a_hyphenated_word_is_told_of_and_left_to_the_editor(
    places: Places, mended: Mended
) -> None:
    text = body("The news-\n\npaper is out.")
    assert places("broken-line", text) == ["4:3 warning"]
    assert mended("broken-line", text) == []


def test_a_line_break_inside_a_sentence_is_taken_out(places: Places, mended: Mended) -> None:
    text = 'intro: "The ferry sails  \\nagain on Friday.\\n\\nIt sails\\\\\\nevery day."'
    assert places("broken-line", text) == ["1:26 warning", "1:58 warning"]
    assert mended("broken-line", text) == [("  \n", " "), ("\\\n", " ")]


def test_a_paragraph_that_begins_small_may_have_lost_its_beginning(findings: Findings) -> None:
    found = findings("broken-line", body("It rains.\n\nand nobody minds." + REST))
    assert [(f.line, f.message) for f in found] == [
        (4, 'the paragraph begins with a small letter: "and"')
    ]
    piece = "sections:\n  - headline: Ferry\n    body: sails again on Friday."
    assert [f.line for f in findings("broken-line", piece)] == [3]


def test_a_bullet_in_two_and_a_bullet_that_begins_small(findings: Findings) -> None:
    piece = """
    summary:
      - The night ferry sails again from
      - next Friday on, says the council.
      - The market moves under a roof.
      - petrels find the sea.
      - A teacher read the tides.
    """
    assert [(f.line, f.message) for f in findings("broken-line", piece)] == [
        (3, 'the bullet before this one goes on here: "next"'),
        (5, 'the bullet begins with a small letter: "petrels"'),
    ]


def test_a_long_paragraph_that_just_stops(findings: Findings) -> None:
    long = "The council will meet again in spring. It has to decide about the bridge and about the"
    found = findings("broken-line", body(f"{long}{REST}"))
    assert [(f.line, f.column, f.message) for f in found] == [
        (2, len(long) + 2, 'the paragraph stops without a full stop, behind "the"')
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "There are three ways:\n\nfirst, by boat; second, on foot."),
        ("en", "Needed are\n\n- a boat\n- two oars\n\nAnd luck."),
        ("en", "He waited.\n\niPhone owners know why. Others do not.\n\neBay sells it."),
        ("en", "It was raining —\n\nor so they said."),
        ("en", "It was raining…\n\nor so they said."),
        ("en", "She wrote:\n\n> I will go\n\nand went."),
        ("en", "Dear {{ name | friend }},\n\nthis is our letter."),
        ("de", "Liebe Leserinnen und Leser,\n\nes war eine lange Woche."),
        ("pl", "Szanowni Państwo,\n\nto był długi tydzień."),
        ("de", "Das war alles.\n\nMit freundlichen Grüßen,\n\neure Redaktion"),
        ("en", "With regards,\\\nthe editors"),
        ("en", "The snow\\\nhas gone\\\nand so\\\nhave we."),
        ("nl", "Dat was het.\n\nvan Gogh schilderde het. de Vries ook."),
        ("en", "Read on.\n\nexample.org/letter has more.\n\nwww.example.com, too."),
        ("ar", "بدأت الحكاية بقِدر واحد\n\nفي مطلع أكتوبر."),
        ("ja", "雨だった\n\nそして晴れた。"),
        ("en", "*Reporting by Anna Example in Brennick and by Ben Example, Cy Example, Di Example "
         "and Ed Example on the island of Stannet*"),
        ("en", "[Read the whole story of the long night on the sea wall, with all the pictures and "
         "the map](https://example.org/wall)"),
        ("en", "Tomas Reddaway, editor"),
        ("en", "see you on friday.\n\nwe write small.\n\nall of it, always.\n\nand why not."),
        ("en", "![A ferry](https://example.org/a.jpg)\n\nIt sails."),
        ("en", "It sails\n\n![A ferry](https://example.org/a.jpg)\n\nagain."),
    ],
)  # fmt: skip
def test_what_is_right_is_not_found(places: Places, language: str, text: str) -> None:
    assert places("broken-line", body(text), language=language) == []


def test_lines_of_a_wrapped_paragraph_are_no_breaks(places: Places) -> None:
    assert places("broken-line", body("The night ferry sails again\nfrom Friday on.")) == []
