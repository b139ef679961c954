from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]
Mended = Callable[..., list[tuple[str, str]]]


def body(text: str) -> str:
    return "intro: |\n" + "\n".join(f"  {line}" for line in text.split("\n"))


def test_straight_quotes_among_curly_ones_are_told_of_once_where_the_first_stands(
    findings: Findings,
) -> None:
    text = body('“Go,” she said.\n\nHe said: "No." And: "Never."\n\n“Then stay.” “Fine.”')
    found = findings("quotes", text)
    assert [(f.line, f.column, str(f.severity), f.message) for f in found] == [
        (4, 12, "warning", "quotation marks are mixed: 2 straight, 3 curly")
    ]


@pytest.mark.parametrize(
    ("language", "typed", "first", "last"),
    [
        ("en", "“Go,” he said. ", "“", "”"),
        ("de", "„Los“, sagt er. ", "„", "“"),
        ("uk", "«Йди», — каже він. ", "«", "»"),
        ("pl", "„Idź”, mówi. ", "„", "”"),
        ("fr", "« Va », dit-il. ", "«\u00a0", "\u00a0»"),
        ("sv", "”Gå”, sade han. ", "”", "”"),
        ("ja", "「行け」と言った。", "「", "」"),
    ],
)
def test_mixed_quotes_become_those_of_the_language(
    mended: Mended, language: str, typed: str, first: str, last: str
) -> None:
    text = body(f'{typed}"Ok" (1).')
    assert mended("quotes", text, language=language) == [('"', first), ('"', last)]


def test_an_issue_that_sets_quotes_in_another_way_keeps_its_own(mended: Mended) -> None:
    text = body('»Geht«, sagt sie. »Wohin?« "Weg."')
    assert mended("quotes", text, language="de") == [('"', "»"), ('"', "«")]


def test_straight_quotes_alone_are_fine(places: Places) -> None:
    assert places("quotes", body('"Go," she said. "Don\'t."\n\nA "third" one.')) == []


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        ("en", "She said ”no“ twice.", 12),
        ("en", "She said ”no” twice.", 12),
        ("en", "She said “no“ twice.", 15),
        ("uk", "Вона сказала »ні« двічі.", 16),
        ("fr", "Elle dit »non« deux fois.", 12),
        ("en", "Music of the ‘90s and more.", 16),
        ("en", "And ‘tis over.", 7),
    ],
)
def test_marks_that_face_the_wrong_way(places: Places, language: str, text: str, at: int) -> None:
    assert places("quotes", body(text), language=language) == [f"2:{at} warning"]


def test_wrong_way_quotes_are_turned_round(mended: Mended) -> None:
    assert mended("quotes", body("She said ”no“ twice.")) == [("”", "“"), ("“", "”")]
    assert mended("quotes", body("She said “no“ twice.")) == [("“", "”")]
    assert mended("quotes", body("Music of the ‘90s.")) == [("‘", "’")]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("She said: “No. We stay.", 13),
        ("She said: No,” and left.", 16),
        ('She said: "No. We stay.', 13),
        ("Er sagt: „Nein, wir bleiben.", 12),
        ("Elle dit : « Non, on reste.", 14),
    ],
)
def test_a_quotation_without_its_other_mark(places: Places, text: str, at: int) -> None:
    assert places("quotes", body(text)) == [f"2:{at} warning"]


def test_headlines_and_bullets_are_looked_at(places: Places) -> None:
    piece = """
    summary:
      - The mayor says “no to the bridge
    sections:
      - headline: Council says no” to the bridge
        body: It said so.
    """
    assert places("quotes", piece) == ["2:20 warning", "4:30 warning"]


def test_a_long_quotation_opens_each_paragraph_and_closes_the_last(places: Places) -> None:
    whole = "“One.\n\n“Two.\n\n“Three,” she said."
    assert places("quotes", body(whole)) == []
    assert places("quotes", body(whole.replace("“", '"').replace("”", '"'))) == []
    assert places("quotes", body("“One.\n\nTwo.\n\nThree.")) == ["2:3 warning"]
    assert places("quotes", body("“One.\n\nTwo,” she said.")) == ["2:3 warning"]


def test_other_languages_need_not_repeat_the_opening_mark(places: Places) -> None:
    assert places("quotes", body("„Eins.\n\nZwei“, sagt sie."), language="de") == []
    assert places("quotes", body("« Un.\n\n» Deux », dit-elle."), language="fr") == []
    assert places("quotes", body("„Eins.\n\nZwei.\n\nDrei."), language="de") == ["2:3 warning"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“One,” “two,” and «three of them»."),
        ("de", "„Eins“, „zwei“ und “drei von ihnen”."),
        ("de", "„Eins“, „zwei“ und „drei von ihnen”."),
        ("uk", "«Раз», «два» і “три рази”."),
        ("pl", "„Raz”, „dwa” i „trzy razy“."),
    ],
)
def test_marks_of_another_language_among_those_of_the_issue(
    places: Places, mended: Mended, language: str, text: str
) -> None:
    assert len(places("quotes", body(text), language=language)) == 1
    assert mended("quotes", body(text), language=language) != []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“Go,” she said. «Тиха вода» is her play, and «Маяк» another."),
        ("de", "„Geh“, sagt sie. “We will not go to the sea,” schrieb er."),
        ("uk", "«Йди», — каже. Лист починався з “Dear friends”. «Вона сказала: “Іди”»."),
        ("en", "The ’90s, the dogs’ dinner, rock ’n’ roll and ’tis: “’Twas,” he said."),
        ("en", 'A 6" pipe, a 5\'10" man and a 12" record, “she” said.'),
        ("en", "“He said ‘no’ and ‘never’,” she said. “‘Go,’ he said.”"),
        ("en", "“I thought—” she began. “Yes?” “—that was all.”"),
        ("en", "(“One”) [“two”] “three”… “four”—five “‘six’”"),
        ("he", 'צה"ל אמר ”כן” והלך.'),
        ("sv", "”Gå”, sade han. ”Nej.”"),
        ("de", "»Geh«, sagt sie. »Und ›bleib‹.«"),
        ("fr", "« Va », dit-il. «\u00a0Et “reste”.\u00a0»"),
        ("zh", "他说“好”，又说“走”。"),
        ("hu", "„Menj”, mondta. „Azt mondta: »nem«.”"),
        ("en", 'Code like `"x` and {{ name | you }} is no “quotation”.'),
        ("ar", "قال: «نعم». ثم قال: «لا»."),
    ],
)
def test_what_is_right_is_not_found(places: Places, language: str, text: str) -> None:
    assert places("quotes", body(text), language=language) == []


def test_straight_apostrophes_among_curly_ones(findings: Findings, mended: Mended) -> None:
    text = body("It’s, we’re, he’s. Don't go. Can't *won't*.")
    found = findings("quotes", text)
    assert [(f.column, f.message) for f in found] == [
        (25, "apostrophes are mixed: 3 straight ('), 3 curly (’)")
    ]
    assert mended("quotes", text) == [("'", "’")] * 3
    mostly_straight = body("It's, we're, he's and don’t.")
    assert len(findings("quotes", mostly_straight)) == 1
    assert mended("quotes", mostly_straight) == []


def test_an_accent_is_no_apostrophe(mended: Mended) -> None:
    assert mended("quotes", body("Don´t go, it’s late.")) == [("´", "’")]


def test_quotes_in_a_story_of_its_own_are_found_at_their_line(places: Places) -> None:
    piece = """
    sections:
      - headline: "“A” ferry"
        body: |
          First.

          He said: "No."
    """
    assert places("quotes", piece) == ["6:16 warning"]
