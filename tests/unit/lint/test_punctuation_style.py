from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]
Mended = Callable[..., list[tuple[str, str]]]


def intro(text: str) -> str:
    return "intro: |\n" + "\n".join(f"  {line}" for line in text.split("\n"))


@pytest.mark.parametrize(
    ("language", "text", "column", "edit"),
    [
        ("en", "They left , and came.", 10, (" ", "")),
        ("en", "They left .", 10, (" ", "")),
        ("en", "Really ?", 7, (" ", "")),
        ("en", "They (all) left “home” , too.", 23, (" ", "")),
        ("fr", "Ils partent , puis reviennent.", 12, (" ", "")),
        ("en", "It was war.In spring it ended.", 11, (".", ". ")),
        ("en", "Boats,nets and rope.", 6, (",", ", ")),
        ("uk", "Це війна.Навесні скінчилось.", 9, (".", ". ")),
        ("de", "Das war es.Im Mai begann es neu.", 11, (".", ". ")),
        ("en", "Boats,, nets.", 6, (",,", ",")),
        ("ar", "قوارب،شباك هنا.", 6, ("،", "، ")),
    ],
)
def test_slips_are_found_and_mended(
    places: Places,
    mended: Mended,
    language: str,
    text: str,
    column: int,
    edit: tuple[str, str],
) -> None:
    found = places("punctuation-style", intro(text), language=language)
    assert found == [f"2:{column + 2} warning"]
    assert mended("punctuation-style", intro(text), language=language) == [edit]


def test_two_full_stops_may_be_one_or_three(places: Places, mended: Mended) -> None:
    assert places("punctuation-style", intro("They left.. And came.")) == ["2:12 warning"]
    assert mended("punctuation-style", intro("They left.. And came.")) == []


def test_two_spaces_are_a_note_for_each_paragraph(places: Places, mended: Mended) -> None:
    text = intro("One.  Two.  Three.\n\nFour.  Five.")
    assert places("punctuation-style", text) == ["2:7 info", "4:8 info"]
    assert mended("punctuation-style", text) == [("  ", " ")] * 3


def test_ellipses_in_two_ways(findings: Findings, mended: Mended) -> None:
    text = intro("Well… And… Then... So.")
    [found] = findings("punctuation-style", text)
    assert found.message == (
        "three full stops (...) stands here, the ellipsis (…) 2 times elsewhere"
    )
    assert mended("punctuation-style", text) == [("...", "…")]
    assert mended("punctuation-style", intro("Well… And... Then... So.")) == [("…", "...")]


def test_dashes_in_two_ways(places: Places, mended: Mended) -> None:
    text = intro("The boat – a ferry – sails. The other - a tug - does not. A third -- no.")
    assert places("punctuation-style", text) == ["2:41 warning", "2:69 warning"]
    assert mended("punctuation-style", text) == [("--", "–"), ("-", "–"), ("-", "–")]
    long = intro("The boat—a ferry—sails. The other -- a tug -- does not.")
    assert places("punctuation-style", long) == ["2:37 warning"]
    assert mended("punctuation-style", long) == []


def test_british_and_american_spelling(findings: Findings) -> None:
    piece = intro("The grey harbour and its neighbours. The color of the sea.")
    assert [(str(f.severity), f.message) for f in findings("punctuation-style", piece)] == [
        ("info", '"color" is American spelling, "grey" is British')
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A .NET shop, node.js, example.Com, Booking.Com and U.S.Army; e.g.The"),
        ("en", "At 7.30 pm, 1,000 people; 3,5 metres; v2.0; a.m.; Ph.D.; N,N-dimethyl"),
        ("en", "Well ... and :) or ;-) or so"),
        ("fr", "Vraiment ? Oui ! Voici : un ; deux"),
        ("ru", "Что?.. Да!.. Так..."),
        ("de", "Kolleg.Innen, Kolleg:innen und Mitarbeiter*innen, z.B. hier"),
        ("de", "Er sagt: ,,Nein''."),
        ("en", "The Lincoln Center and the Labour Party; “the color,” he said of the grey sea"),
        ("en", "From 2019 - 2021, 5 - 3, a - b; pages 3–5, well-known"),
        ("uk", "«Так, — каже він. — Ні». Сторінки 3–5."),
        ("en", "See https://example.org/a,b.C and `a ,b..`"),
        ("en", "| a  | b  |\n|----|----|\n| c  | d ,e |"),
        ("en", "A line with two spaces at its end  \nis a break."),
        ("en", "They organize colour in the Oxford manner, and tire of grey."),
        ("en", "Wait!!! What?!"),
    ],
)
def test_what_is_right_is_not_found(places: Places, language: str, text: str) -> None:
    assert places("punctuation-style", intro(text), language=language) == []
