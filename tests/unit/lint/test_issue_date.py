from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    "name", ["2026-11-20", "2026-11-20-special", "20261120", "special", "no-1"]
)
def test_a_file_that_is_named_for_its_day_or_for_none_is_fine(places: Places, name: str) -> None:
    assert places("issue-date", "date: 2026-11-20", name=name) == []


@pytest.mark.parametrize("name", ["2026-11-13", "2026-11-13-special", "2025_11_20", "20261121"])
def test_a_file_that_is_named_for_another_day_is_an_error(places: Places, name: str) -> None:
    assert places("issue-date", "date: 2026-11-20", name=name) == ["1:7 error"]


def test_a_day_that_does_not_exist_is_part_of_a_name(places: Places) -> None:
    assert places("issue-date", "date: 2026-11-20", name="2026-13-45-report") == []


def numbered(number: int, date: str = "2026-11-13") -> str:
    return f"date: {date}\nnumber: {number}"


def test_the_next_number_is_fine(places: Places) -> None:
    earlier = [numbered(41), numbered(40, "2026-11-06")]
    assert places("issue-date", numbered(42, "2026-11-20"), earlier=earlier) == []


def test_a_number_that_an_earlier_issue_has_is_an_error(findings: Findings) -> None:
    (found,) = findings(
        "issue-date",
        numbered(40, "2026-11-20"),
        earlier=[numbered(41), numbered(40, "2026-11-06")],
    )
    assert (found.line, found.severity) == (2, "error")
    assert found.message == "past-2.yaml is number 40 already"
    assert found.hint == "This one would be number 42."


def test_a_number_that_is_not_the_next_is_a_warning(findings: Findings) -> None:
    (found,) = findings("issue-date", numbered(43, "2026-11-20"), earlier=[numbered(41)])
    assert (found.line, found.severity) == (2, "warning")
    assert found.message == "the last issue, past-1.yaml, is number 41, and this one number 43"


def test_numbers_may_begin_anew_with_the_year_and_go_in_other_steps(places: Places) -> None:
    new_year = numbered(1, "2027-01-08")
    assert places("issue-date", new_year, earlier=[numbered(52)], name="2027-01-08") == []
    twos = [numbered(41), numbered(39, "2026-11-06")]
    assert places("issue-date", numbered(43, "2026-11-20"), earlier=twos) == []


def test_issues_without_numbers_are_left_alone(places: Places) -> None:
    assert places("issue-date", "date: 2026-11-20", earlier=[numbered(41)]) == []
    assert places("issue-date", numbered(7, "2026-11-20"), earlier=["date: 2026-11-13"]) == []


WEEKLY = [f"date: 2026-{day}" for day in ("11-13", "11-06", "10-30", "10-23")]


def test_a_weekly_letter_that_is_dated_a_year_later_is_a_warning(places: Places) -> None:
    there = places("issue-date", "date: 2027-11-20", earlier=WEEKLY, name="winter")
    assert there == ["1:7 warning"]


def test_a_long_summer_and_a_yearly_letter_are_fine(places: Places) -> None:
    assert places("issue-date", "date: 2027-02-20", earlier=WEEKLY, name="winter") == []
    yearly = [f"date: {year}-11-20" for year in (2026, 2025, 2024, 2023)]
    assert places("issue-date", "date: 2027-11-20", earlier=yearly, name="winter") == []


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "subject: The Harbour Letter, 13 November"),
        ("en", "subject: The letter of 13 November"),
        ("en", "title: Friday, November 13, 2026"),
        ("de", "subject: 'Rundbrief vom 13. November: Die Fähre'"),
        ("uk", "title: Лист за 13 листопада"),
        ("pl", "subject: 13 listopada 2026 – nasz list"),
        ("fr", "title: Lettre du 13 novembre"),
    ],
)
def test_the_day_of_an_earlier_issue_at_the_head_is_found(
    places: Places, language: str, line: str
) -> None:
    earlier = ["date: 2026-11-13"]
    assert len(places("issue-date", line, earlier=earlier, language=language)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "subject: What the council decided on 13 November",
        "subject: The letter of 20 November",
        "preheader: Open until 5 December, the ropewalk market",
        "title: 13–20 November",
        "subject: How 13 November changed the quay",
    ],
)
def test_days_of_events_and_the_right_day_are_fine(places: Places, line: str) -> None:
    assert places("issue-date", line, earlier=["date: 2026-11-13"]) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The choir sings this Saturday, 14 November, in the church."),
        ("en", "Come tomorrow, 14 November, and bring a coat."),
        ("de", "Der Chor singt an diesem Samstag, dem 14. November, in der Kirche."),
        ("uk", "Хор співає цієї суботи, 14 листопада, у церкві."),
        ("ru", "Хор поёт в эту субботу, 14 ноября, в церкви."),
        ("pl", "Chór śpiewa w tę sobotę, 14 listopada, w kościele."),
        ("fr", "La chorale chante ce samedi 14 novembre à l’église."),
        ("es", "El coro canta este sábado, 14 de noviembre, en la iglesia."),
    ],
)
def test_what_is_announced_although_it_is_over_is_found(
    places: Places, language: str, sentence: str
) -> None:
    piece = f"sections: [{{headline: Choir, body: '{sentence}'}}]"
    assert len(places("issue-date", piece, language=language)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The choir sang on Saturday, 14 November, in the church.",
        "The choir sings this Saturday, 21 November, in the church.",
        "Last Saturday, 14 November, the choir sang in the church.",
        "“Come this Saturday, 14 November,” the poster had said.",
        "This Saturday the choir remembers 14 November 1940.",
    ],
)
def test_what_is_past_or_still_to_come_is_fine(places: Places, sentence: str) -> None:
    piece = f"sections: [{{headline: Choir, body: '{sentence}'}}]"
    assert places("issue-date", piece) == []
