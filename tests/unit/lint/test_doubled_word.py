from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]
Mended = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("language", "text", "column"),
    [
        ("en", "He left the the quay.", 13),
        ("en", "The the ferry sails.", 5),
        ("en", "(The the ferry sails.)", 6),
        ("en", "She of the of the quay.", 12),
        ("en", "It sails every day except sails every day except Sunday.", 27),
        ("en", "He came with with, of all things, a boat.", 14),
        ("en", "It is in in the book.", 10),
        ("en", "The ferry ferry sails.", 11),
        ("en", "The ferry is is back.", 14),
        ("en", "It was was late.", 8),
        ("en", "What it is. It is is late.", 19),
        ("de", "Er ging in den den und und Hof.", 24),
        ("de", "Das Haus von von nebenan.", 14),
        ("fr", "Il arrive avec avec elle.", 16),
        ("uk", "Він прийшов на на площу.", 16),
        ("uk", "Вона каже, що що завтра.", 15),
        ("ru", "Она сказала, что что завтра.", 18),
        ("be", "Яна кажа, што што заўтра.", 15),
        ("ru", "Он пришёл и и ушёл.", 13),
        ("pl", "Poszedł do do domu.", 12),
        ("tr", "Köprü pazartesi günü pazartesi günü açılacak.", 22),
    ],
)
def test_doubled_words_are_found_at_the_second(
    places: Places, language: str, text: str, column: int
) -> None:
    found = places("doubled-word", f"intro: |\n  {text}", language=language)
    assert found == [f"2:{column + 2} warning"]


def test_function_words_are_mended_and_others_left_to_the_editor(
    mended: Mended, findings: Findings
) -> None:
    assert mended("doubled-word", "intro: He left the the, er, quay.") == [(" the", "")]
    assert mended("doubled-word", "intro: The ferry ferry sails.") == []
    assert mended("doubled-word", "intro: The ferry of the of the island.") == []
    [found] = findings("doubled-word", "intro: He left the the, er, quay.")
    assert found.message == '"the" stands twice'


def test_a_line_break_between_them_hides_nothing(places: Places, mended: Mended) -> None:
    piece = "intro: |\n  He left the\n  the quay."
    assert places("doubled-word", piece) == ["3:3 warning"]
    assert mended("doubled-word", piece) == [("\nthe", "")]


def test_nothing_is_mended_where_signs_of_markdown_stand_between(mended: Mended) -> None:
    assert mended("doubled-word", "intro: He left **the** the quay.") == [(" the", "")]
    assert mended("doubled-word", "intro: He left the **the** quay.") == []


def test_what_somebody_said_is_told_of_and_left_alone(places: Places, mended: Mended) -> None:
    piece = "intro: He said “I left the the quay.”"
    assert places("doubled-word", piece) == ["1:28 warning"]
    assert mended("doubled-word", piece) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "She had had enough of that that year; what it is is unclear."),
        ("en", "All depends on what the meaning of is is. Who she was was unknown."),
        ("en", "It was very very late, ha ha, and a long long way."),
        ("en", "Duran Duran, Bora Bora and The The played in Walla Walla."),
        ("en", "Again and again and again, over and over and over."),
        ("en", "No, no, no. The, the … the end."),
        ("en", "I gave her her keys and told you you were right."),
        ("en", "He logged in in March and moved on on Friday. He came in in 2019."),
        ("en", "10 10 20 20 555 555; — — * * *"),
        ("en", "So they sang “row row row your boat” and “let it be let it be”."),
        ("en", "New York New York"),
        ("en", "Write to a@example.org a@example.org."),
        ("en", "`the the` and {{ name | friend }} {{ name | friend }}"),
        ("en", "Take vitamin A a day: Vitamin A. A new one. It was over. Over there."),
        ("de", "Leute, die die Stadt kennen, sagen, dass sie sie lieben."),
        ("fr", "Nous nous sommes vus et vous vous taisez. Elle a fait faire faire."),
        ("uk", "Ледь-ледь, далеко-далеко, так так, щоб їх їх не бачили."),
        ("ru", "Еле-еле, чуть чуть, да да."),
        ("tr", "Yavaş yavaş geldi."),
        ("id", "Anak anak bermain."),
        ("it", "Piano piano, via via, così così."),
    ],
)
def test_what_may_stand_twice_is_not_found(places: Places, language: str, text: str) -> None:
    assert places("doubled-word", f"intro: |\n  {text}", language=language) == []


def test_cells_of_a_table_may_say_the_same(places: Places) -> None:
    table = "intro: |\n  | Of the of the | b |\n  |---|---|\n  | the the | the |"
    assert places("doubled-word", table) == []
