from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Mended = Callable[..., list[tuple[str, str]]]

WORDS = {"house_words": {"utilise": "use", "e-mail": "email", "illegal migrant": "migrant"}}
NAMES = {"house_spellings": ["YouTube", "NATO", "WHO", "Black Sea", "iPhone", "Kyiv", "UNESCO"]}


def body(text: str) -> str:
    return f"sections: [{{headline: A, body: '{text}'}}]"


def test_a_word_of_the_list_is_told_with_what_to_write(
    findings: Callable[..., list[Finding]],
) -> None:
    (found,) = findings("house-style", body("Passengers utilise it."), options=WORDS)
    assert (found.line, found.column, found.severity) == (1, 44, "warning")
    assert found.message == 'this newsroom does not write "utilise"'
    assert found.hint.startswith('It writes "use".')


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Passengers utilise it.", ("utilise", "use")),
        ("Utilise it, they said.", ("Utilise", "Use")),
        ("UTILISE IT, they said.", ("UTILISE", "USE")),
        ("Send an *e-mail* now.", ("e-mail", "email")),
        ("An illegal  migrant came.", ("illegal  migrant", "migrant")),
    ],
)
def test_it_is_mended_in_the_capitals_of_the_text(
    mended: Mended, text: str, change: tuple[str, str]
) -> None:
    assert mended("house-style", body(text), options=WORDS) == [change]


def test_what_is_split_by_signs_is_found_but_not_mended(places: Places, mended: Mended) -> None:
    piece = body("An illegal *migrant* came, and The Utilise Company.")
    assert len(places("house-style", piece, options=WORDS)) == 2
    assert mended("house-style", piece, options=WORDS) == []


@pytest.mark.parametrize(
    "text",
    [
        "They use it; the utiliser utilised it.",
        "See https://example.org/utilise and `utilise`.",
        "Write to utilise@example.org or utilise.org today.",
        "The [timetable](https://example.org/e-mail) hangs there.",
        "A sub-utilise-thing.",
    ],
)
def test_other_words_addresses_and_code_are_left_alone(places: Places, text: str) -> None:
    assert places("house-style", body(text), options=WORDS) == []


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("See it on Youtube.", ("Youtube", "YouTube")),
        ("He spoke to Nato about it.", ("Nato", "NATO")),
        ("They swam in the black sea.", ("black sea", "Black Sea")),
        ("She left kyiv at noon.", ("kyiv", "Kyiv")),
        ("She dropped her Iphone.", ("Iphone", "iPhone")),
        ("A report for unesco.", ("unesco", "UNESCO")),
    ],
)
def test_names_of_the_house_keep_their_capitals(
    mended: Mended, text: str, change: tuple[str, str]
) -> None:
    assert mended("house-style", body(text), options=NAMES) == [change]


@pytest.mark.parametrize(
    "text",
    [
        "The woman who swam the Black Sea saw it on YouTube.",
        "Who would have thought? Who knows.",
        "SEE IT ON YOUTUBE.",
        "IPhone sales fell.",
        "NATO and the WHO met in Kyiv.",
        "See https://youtube.example.com for more.",
    ],
)
def test_right_capitals_and_common_words_are_fine(places: Places, text: str) -> None:
    assert places("house-style", body(text), options=NAMES) == []


def test_without_lists_there_is_nothing_to_find(places: Places) -> None:
    assert places("house-style", body("Passengers utilise Youtube.")) == []
