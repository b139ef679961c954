"""A weekday and a date that do not fit each other.

What: "Friday 19 November" where the 19th is a Thursday, in any usual form: ``Fri., Nov. 20``,
``Freitag, den 20.11.``, ``le vendredi 20 novembre``, ``2026-11-20 (Friday)``, the first and the
last day of a range; and a weekday with a day that does not exist. Where the text names no year,
the one near the issue's date is meant.

Why: half of the readers come on the wrong day.

Source: newspaper practice; the rule ``date-weekday-mismatch`` of textlint; names of days and months
by CLDR.

Bad::

    intro: The meeting is on Friday 19 November 2026.
    date: 2026-11-13

Good::

    intro: The meeting is on Friday 20 November 2026, a year after Thursday 20 November 2025.
    date: 2026-11-13
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.passages import Passage
from newsletter.lint.dates import DatedWeekday, dated_weekdays
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N08"
GROUP = Group.EDITORIAL
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_YEAR = re.compile(r"(?<![\w.,])(?:1[5-9]|20)\d\d(?![\w%]|[.,]\d)")


def check(context: Context) -> Iterator[Problem]:
    """A problem for each weekday that its date contradicts."""
    issue = context.issue.date
    for number, passage in enumerate(context.passages):
        for dated in dated_weekdays(passage.text, context.language):
            possible = dated.possible(issue)
            if any(dated.fits(date) for date in possible):
                continue
            if dated.year is None and _is_of_a_year_told(context, number, dated):
                continue
            said = " ".join(passage.text[dated.start : dated.end].split()).rstrip(".")
            yield _problem(passage, dated, possible, said)


def _is_of_a_year_told(context: Context, number: int, dated: DatedWeekday) -> bool:
    """Whether the weekday is right in the year told last: "It was 1986. On Saturday 26 April …"."""
    passage = context.passages[number]
    before = context.passages[number - 1] if number else passage
    years = _YEAR.findall(passage.text[: dated.start])
    if not years and before.where == passage.where:
        years = _YEAR.findall(before.text)
    date = dated.of(int(years[-1])) if years else None
    return date is not None and dated.fits(date)


def _problem(
    passage: Passage, dated: DatedWeekday, possible: list[datetime.date], said: str
) -> Problem:
    where, at = passage.where, passage.at(dated.start)
    if not possible:
        month, day = dated.readings[0]
        return Problem(
            f'"{said}": there is no {day} {_MONTHS[month - 1]}'
            + (f" {dated.year}" if dated.year else ""),
            "Look at a calendar.",
            where,
            at,
        )
    date = possible[0]
    return Problem(
        f'"{said}": {_told(date)} {date.year} is a {_DAYS[date.weekday()]}',
        f"{_DAYS[dated.weekday]} is {_told(_nearest(date, dated.weekday))}. "
        "Is the weekday wrong, or the date?",
        where,
        at,
    )


def _nearest(date: datetime.date, weekday: int) -> datetime.date:
    behind = (weekday - date.weekday()) % 7
    return date + datetime.timedelta(days=behind if behind <= 3 else behind - 7)


def _told(date: datetime.date) -> str:
    return f"{date.day} {_MONTHS[date.month - 1]}"
