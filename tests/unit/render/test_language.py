from __future__ import annotations

import datetime
import string

import pytest

from newsletter.render.language import date_line, direction, quotes
from newsletter.render.words import _WORDS, words

DAY = datetime.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("ur-PK", "rtl"),
        ("ug-Cyrl", "ltr"),
        ("az-Arab-IR", "rtl"),
        ("uk", "ltr"),
    ],
)
def test_direction_follows_the_script_before_the_language(language: str, expected: str) -> None:
    assert direction(language) == expected


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Friday, November 20, 2026"),
        ("en-GB", "Friday, 20 November 2026"),
        ("uk", "Пʼятниця, 20 листопада 2026\u202fр."),
        ("de", "Freitag, 20. November 2026"),
        ("pt-BR", "Sexta-feira, 20 de novembro de 2026"),
        ("de-x-harbour", "Freitag, 20. November 2026"),
        ("qaa", "2026-11-20"),
    ],
)
def test_the_day_is_written_as_the_language_writes_it(language: str, written: str) -> None:
    assert date_line(DAY, language) == written


def test_quotation_marks_of_an_unknown_language_are_english() -> None:
    assert quotes("tlh") == ("“", "”", "‘", "’")
    assert quotes("de-CH")[:2] == ("«", "»")


@pytest.mark.parametrize("language", sorted(_WORDS))
def test_the_words_of_every_language_name_what_they_must(language: str) -> None:
    said = words(language)
    for text, field in [
        (said.number, "number"),
        (said.read_in_full, "headline"),
        (said.reason, "name"),
    ]:
        assert [name for _, name, _, _ in string.Formatter().parse(text) if name] == [field]


def test_regions_share_words_and_strangers_get_english() -> None:
    assert words("fr-CA") is words("fr")
    assert words("tlh") is words("en")
