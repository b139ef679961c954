"""Days as drafts write them."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator, Mapping

_YEAR = r"(?P<year>20\d\d)(?!\d)"
_NAME = r"(?P<month>[^\W\d_]{3,12})\.?"
_ISO = re.compile(r"(?<!\d)(?P<year>20\d\d)[-_.]?(?P<month>[01]\d)[-_.]?(?P<day>[0-3]\d)(?!\d)")
_DOTTED = re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?{_YEAR}")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º)?[ _-](?:de )?{_NAME},?[ _-](?:de )?{_YEAR}"
)
_MONTH_FIRST = re.compile(rf"{_NAME}[ _-](?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[ _-]{_YEAR}")
_LONGEST = 60  # characters of a line that is nothing but a day
_WORD = re.compile(r"\w+")
# Languages whose months are known without being asked for (CLDR, through Babel).
_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "uk", "be", "ru")


def find(text: str) -> datetime.date | None:
    """The day that a text names with its year; None if it names none, two, or one that is unsure.

    ``2026-11-20``, ``20261120``, ``20.11.2026``, ``20 November 2026``, ``Nov. 20, 2026``.
    ``03/07/2026`` is unsure: March or July.
    """
    days = {day for day, _ in _found(text)}
    return days.pop() if len(days) == 1 else None


def is_date(text: str) -> bool:
    """Whether a line is nothing but a day, perhaps with the weekday."""
    if len(text) > _LONGEST:
        return False
    return any(
        all(word.casefold() in _beside() for word in _WORD.findall(before_and_behind))
        for _, found in _found(text)
        for before_and_behind in [f"{text[: found.start()]} {text[found.end() :]}"]
    )


def _found(text: str) -> Iterator[tuple[datetime.date, re.Match[str]]]:
    if "20" not in text:
        return
    for pattern in (_ISO, _DOTTED, _DAY_FIRST, _MONTH_FIRST):
        for found in pattern.finditer(text):
            named = found["month"]
            month = int(named) if named.isdigit() else _months().get(named.casefold(), 0)
            try:
                yield datetime.date(int(found["year"]), month, int(found["day"])), found
            except ValueError:
                continue


@functools.cache
def _months() -> Mapping[str, int]:
    from babel.dates import get_month_names

    months: dict[str, int] = {}
    for language in _LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = get_month_names(width, context, language)
                for number, name in names.items():
                    months.setdefault(str(name).casefold().rstrip("."), number)
    return months


@functools.cache
def _beside() -> frozenset[str]:
    """Words that stand beside a day: weekdays, and ``року`` in ``7 березня 2025 року``."""
    from babel.dates import get_day_names

    names = {"року", "р", "года", "г", "roku", "r", "den", "le", "el", "il", "the"}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            days = get_day_names(width, "format", language)
            names.update(str(day).casefold().rstrip(".") for day in days.values())
    return frozenset(names)
