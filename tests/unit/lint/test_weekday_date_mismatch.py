from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from newsletter.findings import Finding
from newsletter.lint.dates import dated_weekdays

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]

ISSUE = datetime.date(2026, 11, 20)
"""A Friday, and the date of every issue here that names no other."""

# Each with {}: the right day of the month makes it right, the next one wrong.
FORMS = [
    ("en", "on Friday {} November 2026", 20),
    ("en", "on Friday, {} November", 20),
    ("en", "on Friday the {}th of November", 20),
    ("en", "Fri., Nov. {}", 20),
    ("en", "Fri. Nov. {}, 2026,", 20),
    ("en", "on Thurs., Nov. {}", 26),
    ("en", "Friday, November {}th,", 20),
    ("en", "Friday, November {}–25", 20),
    ("en", "Friday {}–25 November", 20),
    ("en", "on November {} (Friday)", 20),
    ("en", "on {} November, Friday.", 20),
    ("en", "Friday (November {})", 20),
    ("en", "Friday 2026-11-{}", 20),
    ("en", "2026-11-{} (Fri)", 20),
    ("en-GB", "Friday {}/11/2026", 20),
    ("en-US", "Friday, 11/{}/26", 20),
    ("en-US", "Friday, 11/{}, at noon", 20),
    ("en", "Wednesday 1{} January", 3),
    ("de", "Freitag, den {}.11.", 20),
    ("de", "Freitag, {}. November,", 20),
    ("de", "am Fr., {}.11.2026, um 19 Uhr", 20),
    ("de", "am {}. November (Freitag)", 20),
    ("de", "Sonnabend, {}. November", 21),
    ("fr", "le vendredi {} novembre", 20),
    ("fr", "ven. {} nov. 2026", 20),
    ("es", "el viernes {} de noviembre de 2026", 20),
    ("it", "venerdì {} novembre", 20),
    ("pt", "sexta-feira, {} de novembro", 20),
    ("ru", "в пятницу, {} ноября", 20),
    ("ru", "до воскресенья {} ноября", 22),
    ("ru", "{} ноября, в пятницу, вечером", 20),
    ("uk", "у п’ятницю, {} листопада", 20),
    ("uk", "у п'ятницю {} листопада 2026 року", 20),
    ("uk", "до понеділка, {} листопада", 23),
    ("uk", "пт, {} листопада", 20),
    ("be", "у пятніцу, {} лістапада", 20),
    ("pl", "w piątek {} listopada", 20),
    ("pl", "do czwartku, {} listopada", 26),
    ("cs", "v pátek {}. listopadu", 20),
    ("ar", "الجمعة {} نوفمبر", 20),
    ("ar", "يوم الإثنين، {} نوفمبر", 23),
    ("he", "ביום שישי, {} בנובמבר", 20),
    ("nl", "vrijdag {} november", 20),
    ("de", "on Friday {} November", 20),  # an English line in a German letter
]


@pytest.mark.parametrize(("language", "form", "day"), FORMS)
def test_a_weekday_is_held_against_its_date(
    places: Places, language: str, form: str, day: int
) -> None:
    intro = "intro: >-\n  {}"
    assert places("weekday-date-mismatch", intro.format(form.format(day)), language=language) == []
    wrong = places("weekday-date-mismatch", intro.format(form.format(day + 1)), language=language)
    assert [place.split(":")[0] + place[-6:] for place in wrong] == ["2 error"]


def test_the_finding_says_which_day_it_is(findings: Findings) -> None:
    [found] = findings("weekday-date-mismatch", "intro: Come on Friday 19 November at noon.")
    assert (found.line, found.column) == (1, 16)
    assert found.message == '"Friday 19 November": 19 November 2026 is a Thursday'
    assert found.hint == "Friday is 20 November. Is the weekday wrong, or the date?"
    [found] = findings("weekday-date-mismatch", "intro: Come on Monday 31 November.")
    assert found.message == '"Monday 31 November": there is no 31 November'


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Friday 20 to Sunday 22 November", 0),
        ("Friday 21 to Sunday 22 November", 1),
        ("Friday 20 to Sunday 23 November", 1),
        ("Friday and Saturday, 20 and 21 November", 0),
        ("Friday and Saturday, 20 and 22 November", 1),
        ("Friday–Sunday, November 20–22", 0),
        ("Friday–Sunday, 20–22 November", 0),
        ("Friday–Sunday, 21–23 November", 2),
        ("Monday 30 to Thursday 3 December", 0),
        ("Thursday 31 December to Sunday 3 January", 0),
    ],
)
def test_ranges_are_held_against_both_ends(places: Places, text: str, wrong: int) -> None:
    assert len(places("weekday-date-mismatch", f"intro: {text}.")) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "On Friday 20 people came in November.",
        "On Friday 19 of them left; May 4 was late.",
        "Friday 7.30 pm, Saturday 10.11 am",
        "The Sunday 9/11 memorial; open on Monday, 24/7.",
        "he sat 21 exams; mon 21 nov",
        "On Friday, Nov. 20.5 metres of snow",
        "by 21 November, Friday prayers had moved",
        "Thursday 19 November, Friday, Saturday",
        "Version 2026-11-21 (Fridays only)",
        "It was 1986. On Saturday 26 April a reactor burnt.",
        "on Friday 13 November 2026, and on Friday 13 November 2020",
        "on Tuesday 7 November 1917",  # the old calendar said 25 October, a Wednesday
        "on Wednesday 25 October 1917",
        "on Friday 1 May, or so",  # near enough in 2026; in 2027 it is a Saturday
        "on Saturday 1 May, or so",
        "see https://example.org/friday-21-november and Friday",
    ],
)
def test_what_names_no_day_or_the_right_one_is_not_found(places: Places, text: str) -> None:
    assert places("weekday-date-mismatch", f"intro: >-\n  {text}") == []


def test_german_times_are_no_dates(places: Places) -> None:
    for text in ("Freitag, 19.10 Uhr", "Freitag, 20.30 Uhr", "Fr 19.10 Uhr, So 10.11 Uhr"):
        assert places("weekday-date-mismatch", f"intro: {text}", language="de") == []


def test_an_explicit_year_decides(places: Places) -> None:
    assert places("weekday-date-mismatch", "intro: Friday 20 November 2025") == ["1:8 error"]
    assert places("weekday-date-mismatch", "intro: Thursday 20 November 2025") == []
    assert places("weekday-date-mismatch", "intro: Friday 15 July 1988") == []
    assert places("weekday-date-mismatch", "intro: Saturday 15 July 1988") == ["1:8 error"]


def test_every_day_of_a_year_is_right_on_its_weekday_only() -> None:
    for number in range(365):
        date = datetime.date(2026, 6, 1) + datetime.timedelta(days=number)
        for shift in range(7):
            said = date + datetime.timedelta(days=shift)
            [dated] = dated_weekdays(f"{said:%A} {date.day} {date:%B} {date.year}", "en")
            assert dated.possible(ISSUE) == [date]
            assert dated.fits(date) == (shift == 0)


def test_titles_bullets_and_captions_are_looked_at(places: Places) -> None:
    piece = """
    subject: News of Friday 19 November
    summary: [Come on Friday 19 November.]
    sections:
      - kind: links
        title: Dates
        items:
          - title: Friday 19 November, town hall
            url: https://example.org/a
            note: Not on Saturday 22 November.
    """
    found = places("weekday-date-mismatch", piece)
    assert [place.split(":")[0] for place in found] == ["1", "2", "7", "9"]
