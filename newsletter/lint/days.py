"""Days that a text names: "20 November", "Nov. 20, 2026", "20. November", "20.11.2026"."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.lint.months import months


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text.

    Attributes:
        start: Where it begins in the text.
        end: Where it ends.
        month: From 1.
        day: Of the month, from 1.
        year: None if the text does not say it.
    """

    start: int
    end: int
    month: int
    day: int
    year: int | None

    def near(self, other: datetime.date) -> datetime.date | None:
        """The day with its year, or else in the year that puts it nearest to another day.

        None for a day that does not exist, such as 31 November.
        """
        years = [self.year] if self.year else [other.year - 1, other.year, other.year + 1]
        possible = [d for year in years if (d := _date(year, self.month, self.day))]
        return min(possible, key=lambda d: abs((d - other).days), default=None)


def days(text: str, language: str) -> Iterator[Day]:
    """The single days that a text names, from left to right; "16–22 November" is none.

    Args:
        text: Any text.
        language: BCP 47 tag; the names of months are those of this language.
    """
    if not any(map(str.isdigit, text)):
        return
    names = months(language)
    for found in _pattern(language).finditer(text):
        name = found["month"] or found["named"]
        month = names[name.casefold()] if name else int(found["number"])
        day, year = found["day"] or found["second"] or found["dotted"], _year(found)
        if 1 <= month <= 12 and 1 <= int(day) <= 31:
            yield Day(found.start(), found.end(), month, int(day), year)


def _year(found: re.Match[str]) -> int | None:
    year = found["year"] or found["behind"] or found["last"]
    return int(year) if year else None


@functools.lru_cache(maxsize=32)
def _pattern(language: str) -> re.Pattern[str]:
    name = "|".join(sorted(map(re.escape, months(language)), key=len, reverse=True))
    before, after = r"(?<![\w.,:/–-])(?<![–-] )", r"(?![\w–/-])(?! ?[–-] ?\d)"
    # In "5 May 10 people came" 10 is no year.
    year = r"(?:19|20)\d\d"
    return re.compile(
        rf"{before}(?:"
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s(?:of\s|de\s)?(?P<month>{name})\.?"
        rf"(?:,?\s(?:de\s)?(?P<year>{year}))?"
        rf"|(?P<named>{name})\.?\s(?P<second>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<behind>{year}))?"
        rf"|(?P<dotted>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.\s?(?P<last>{year})"
        rf"){after}",
        re.IGNORECASE,
    )


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
