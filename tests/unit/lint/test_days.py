from __future__ import annotations

import datetime

import pytest

from newsletter.lint.days import Day, days
from newsletter.lint.months import is_of_the_day, months, weekdays


@pytest.mark.parametrize(
    ("language", "text", "month", "day", "year"),
    [
        ("en", "20 November", 11, 20, None),
        ("en", "Nov. 20, 2026", 11, 20, 2026),
        ("en-GB", "the 3rd of May", 5, 3, None),
        ("de", "am 20. November 2026", 11, 20, 2026),
        ("de", "am 3.11.2026", 11, 3, 2026),
        ("uk", "20 листопада 2026 року", 11, 20, 2026),
        ("ru", "20 ноября", 11, 20, None),
        ("be", "20 лістапада", 11, 20, None),
        ("pl", "20 listopada", 11, 20, None),
        ("fr", "le 1er décembre", 12, 1, None),
        ("es", "20 de noviembre de 2026", 11, 20, 2026),
        ("ar", "السبت 12 ديسمبر", 12, 12, None),
    ],
)
def test_a_day_is_read_as_its_language_writes_it(
    language: str, text: str, month: int, day: int, year: int | None
) -> None:
    (found,) = days(text, language)
    assert (found.month, found.day, found.year) == (month, day, year)


@pytest.mark.parametrize(
    "text", ["16–22 November", "in November", "20 people", "1.2.3", "45 May", "May 2026", "2026"]
)
def test_what_is_no_single_day_is_none(text: str) -> None:
    assert list(days(text, "en")) == []


def test_a_day_without_year_is_of_the_nearest_year() -> None:
    new_year = Day(0, 0, month=1, day=2, year=None)
    assert new_year.near(datetime.date(2026, 12, 30)) == datetime.date(2027, 1, 2)
    assert Day(0, 0, month=11, day=31, year=2026).near(datetime.date(2026, 12, 30)) is None


def test_a_language_that_nobody_has_described_has_english_months() -> None:
    assert months("tlh")["november"] == 11
    assert weekdays("tlh")["sunday"] == 6


@pytest.mark.parametrize("word", ["14", "7th", "november", "nov", "friday", "fri"])
def test_numbers_and_names_of_days_are_of_the_day(word: str) -> None:
    assert is_of_the_day(word, "en-GB")
    assert not is_of_the_day("ferry", "en-GB")
