"""Days that a text names with their weekday: "Friday 20 November", "den 20.11.", "Nov. 20 (Fri.)".

Names of weekdays and months are those of the text's language (CLDR, with the forms that sentences
bend them into) and the English ones.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.lint.months import months, weekdays
from newsletter.lint.plain import plain, primary

_APART = datetime.timedelta(days=250)
"""So far from the issue a day without a year may be; of two such years, either may be meant."""

_REFORM = 1925
"""Up to here dates may be of the old calendar, which was used in Greece until 1923."""


@dataclass(frozen=True, slots=True)
class DatedWeekday:
    """A weekday and the date beside it.

    Attributes:
        start: Where the first of the two begins in the text.
        end: Where the second ends.
        weekday: 0 for Monday.
        readings: What the date may mean, as ``(month, day)``: two for 5/6.
        year: None if the text does not say it.
    """

    start: int
    end: int
    weekday: int
    readings: tuple[tuple[int, int], ...]
    year: int | None

    def of(self, year: int) -> datetime.date | None:
        """The date in a year; None if there is no such day."""
        return next((d for month, day in self.readings if (d := _date(year, month, day))), None)

    def possible(self, issue: datetime.date) -> list[datetime.date]:
        """The days that may be meant, the likeliest first; none if there is no such day.

        Args:
            issue: The day of the issue; without a year, a day near it is meant.
        """
        years = [self.year] if self.year else [issue.year - 1, issue.year, issue.year + 1]
        dates = [
            date
            for year in years
            for month, day in self.readings
            if (date := _date(year, month, day)) and (self.year or abs(date - issue) < _APART)
        ]
        return sorted(dates, key=lambda date: abs(date - issue))

    def fits(self, date: datetime.date) -> bool:
        """Whether a date, in the calendar of its time, is on the weekday."""
        if date.weekday() == self.weekday:
            return True
        return date.year < _REFORM and _julian_weekday(date) == self.weekday


def dated_weekdays(text: str, language: str) -> Iterator[DatedWeekday]:
    """The weekdays of a text that have a date beside them.

    Args:
        text: Any text.
        language: BCP 47 tag.
    """
    if not _DIGIT.search(text):
        return
    text = plain(text)
    small = lowered if len(lowered := text.lower()) == len(text) else text
    taken: set[int] = set()  # where dates end that have their weekday already
    languages = [language] if primary(language) == "en" else [language, "en"]
    for grammar in map(_grammar, languages):
        named = [
            found
            for found in grammar.weekday.finditer(small)
            if not grammar.has_capitals or text[found.start()].isupper()
        ]
        for before, found, behind in zip([None, *named], named, [*named[1:], None], strict=False):
            for dated in _at(text, small, (before, found, behind), grammar):
                if dated.end not in taken:
                    taken.add(dated.end)
                    yield dated


@dataclass(frozen=True, slots=True)
class _Grammar:
    weekdays: dict[str, int]
    months: dict[str, int]
    has_capitals: bool
    is_month_first: bool | None
    weekday: re.Pattern[str]
    date: re.Pattern[str]
    date_before: re.Pattern[str]


_DIGIT = re.compile(r"\d")
# What CLDR lacks: forms behind prepositions, and how people spell and shorten the names.
_MORE_WEEKDAYS = {
    "ar": {"الإثنين": 0, "الاربعاء": 2},
    "be": {"панядзелка": 0, "аўторка": 1, "чацвярга": 3},
    "cs": {"čtvrtka": 3, "pátku": 4},
    "de": {"sonnabend": 5},
    "en": {"tues": 1, "weds": 2, "thur": 3, "thurs": 3},
    "pl": {"poniedziałku": 0, "wtorku": 1, "czwartku": 3, "piątku": 4},
    "ru": {"понедельника": 0, "вторника": 1, "четверга": 3, "воскресенья": 6},
    "uk": {"понеділка": 0, "вівторка": 1, "четверга": 3},
}
_CAPITALS = frozenset({"de", "en"})  # "he sat 2 exams" names no Saturday
_DAY_FIRST = frozenset({"en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za"})

_TO = re.compile(
    r"\.?,?(?:\s(?:and|&|or|to|until|till|through|und|bis|oder|i|a|do|і|й|та|до|и|по|et|au|y|e|al|"
    r"en|tot|och|og)\s|\s?[–—-]\s?)(?:(?:the|den|zum|dem|le|el|il)\s)?"
)
_BETWEEN = re.compile(
    r"\.?[,،]?(?:\s?\(\s?|\s[–—]\s|\s)"
    r"(?:(?:on|the|den|dem|der|le|el|il|dnia|d\.|o|الموافق)\s)?"
)
_OPENS = re.compile(r"(?:\s?\(\s?|[,،]\s)(?:(?:[ву]|w|we|a|an|un|am|le|ein)\s)?$")
_CLOSES = re.compile(r"\.?\s?(?:\)|[,،;](?!\s?\d)|[.!?]?\s*$|[.!?]\s)")
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?(?!\d)")
_ORDINAL = r"(?:st|nd|rd|th|er|º|-го|-е|-га|\.)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
# Fractions, a day's name, opening hours.
_NO_DATE = r"(?!24/7|9/11|50/50|[1-3]/[2-4]\b)"


@functools.lru_cache(maxsize=16)
def _grammar(language: str) -> _Grammar:
    base, tag = primary(language), language.lower()
    days = {_key(n): d for n, d in weekdays(language).items()} | _MORE_WEEKDAYS.get(base, {})
    days = {name: number for name, number in days.items() if len(name) > 1}
    named = {_key(name): number for name, number in months(language).items()}
    if base == "en":
        named["sept"] = 9
    month = _either(named)
    # Hebrew writes "in" on to the word.
    prefix, inside = ("[בה]?", "ב?") if base == "he" else ("", "")
    year = rf"(?:,?\s(?:de\s|del\s)?(?P<{{}}>{_YEAR})\b(?!\s?[.:]\d))?"
    until = r"(?:\s?[–—-]\s?\d{1,2}\.?|\s(?:and|to|und|bis|do|до|по|et|au|y)\s\d{1,2}\.?)?"
    dotted = "" if base == "en" else r"|(?P<d5>\d{1,2})\.\s?(?P<n5>\d{1,2})\.(?![\w.])"
    date = (
        rf"(?:(?P<d1>\d{{1,2}}){_ORDINAL}{until}\s(?:of\s|de\s)?{inside}(?P<m1>{month})(?!\w)\.?"
        + year.format("y1")
        + rf"|(?P<m2>{month})(?!\w)\.?\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|\.\d)"
        + year.format("y2")
        + rf"|(?P<y3>{_YEAR})-(?P<n3>\d\d)-(?P<d3>\d\d)(?![\w-])"
        + r"|(?P<d4>\d{1,2})\.\s?(?P<n4>\d{1,2})\.\s?(?P<y4>(?:19|20)\d\d|\d\d)(?![\w:]|\.\d)"
        + rf"{dotted}"
        + rf"|{_NO_DATE}(?P<d6>\d{{1,2}})/(?P<n6>\d{{1,2}})"
        + r"(?:/(?P<y6>(?:19|20)\d\d|\d\d)(?![\w/])|(?=[,.;:)]|$)))"
    )
    return _Grammar(
        days,
        named,
        base in _CAPITALS,
        True if tag == "en-us" else None if base == "en" and tag not in _DAY_FIRST else False,
        re.compile(rf"(?<![\w’'-]){prefix}({_either(days)})(?![\w-])"),
        re.compile(date),
        re.compile(rf"(?<![\w.,:/–-]){date}(?=(?:\s?\(|[,،]\s)[^,(]{{0,4}}$)"),
    )


def _key(name: str) -> str:
    return re.sub("[’'ʼ]", "ʼ", name)


def _either(names: Iterable[str]) -> str:
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return "|".join(longest_first).replace("ʼ", "[’'ʼ]").replace(r"\ ", r"\s")


def _at(
    text: str,
    small: str,
    named: tuple[re.Match[str] | None, re.Match[str], re.Match[str] | None],
    grammar: _Grammar,
) -> Iterator[DatedWeekday]:
    """What a weekday has beside it: one date; none; or two where it is the second of a pair.

    Args:
        text: The text.
        small: The same in small letters.
        named: The weekday, between the one named before it and the one behind it.
        grammar: How the language names days.
    """
    before, found, other = named
    weekday = grammar.weekdays[_key(found[1])]
    between = _BETWEEN.match(small, found.end())
    start = between.end() if between else len(text)
    if before is not None and _leads(
        small, before, found
    ):  # "Friday and Saturday, 20 and 21 November"
        first = _NUMBER.match(small, start)
        to = _TO.match(small, first.end()) if first else None
        date = grammar.date.match(small, to.end()) if to else None
        if first and date and (second := _read(date, grammar, found, weekday)):
            earlier = grammar.weekdays[_key(before[1])]
            yield _earlier(second, before, int(first[1]), first.end(), earlier)
            yield second
        return
    if date := grammar.date.match(small, start):
        if dated := _read(date, grammar, found, weekday):
            yield dated
        return
    if (first := _NUMBER.match(small, start)) and (to := _TO.match(small, first.end())):
        # "Friday 20 to Sunday 22 November": the month stands behind the second.
        if other is not None and other.start() != to.end():
            other = None
        behind = _BETWEEN.match(small, other.end()) if other else None
        date = grammar.date.match(small, behind.end()) if behind else None
        if other and date:
            second = _read(date, grammar, other, grammar.weekdays[_key(other[1])])
            if second:
                yield _earlier(second, found, int(first[1]), first.end(), weekday)
        return
    opens = _OPENS.search(small, max(0, found.start() - 8), found.start())
    if opens and _CLOSES.match(small, found.end()):
        window = small[max(0, found.start() - 40) : found.start()]
        if date := grammar.date_before.search(window):
            shift = found.start() - len(window)
            dated = _read(date, grammar, found, weekday)
            if dated:
                start, end = date.start() + shift, date.end() + shift
                yield DatedWeekday(start, end, weekday, dated.readings, dated.year)


def _leads(text: str, other: re.Match[str], found: re.Match[str]) -> bool:
    to = _TO.match(text, other.end())
    return bool(to and to.end() == found.start())


def _read(
    date: re.Match[str], grammar: _Grammar, weekday: re.Match[str], number: int
) -> DatedWeekday | None:
    said = {key[0]: (key[1], value) for key, value in date.groupdict().items() if value}
    form, day = said["d"][0], int(said["d"][1])
    month = grammar.months[_key(said["m"][1].lstrip())] if "m" in said else int(said["n"][1])
    year = int(said["y"][1]) if "y" in said else None
    if year is not None and year < 100:
        year += 2000 if year < 70 else 1900
    readings = [(month, day)]
    if form == "6" and grammar.is_month_first is not False:
        readings = [(day, month)] if grammar.is_month_first else [(month, day), (day, month)]
    readings = [(m, d) for m, d in readings if 1 <= m <= 12 and 1 <= d <= 31]
    if not readings:
        return None  # 20.30 is a time
    start = min(weekday.start(1), date.start())
    return DatedWeekday(start, max(weekday.end(), date.end()), number, tuple(readings), year)


def _earlier(
    second: DatedWeekday, found: re.Match[str], day: int, end: int, weekday: int
) -> DatedWeekday:
    """The first day of two that have one month: of the month before if its number is larger."""
    month, last = second.readings[0]
    year = second.year
    if day > last:
        month, year = (month - 1, year) if month > 1 else (12, year and year - 1)
    return DatedWeekday(found.start(1), end, weekday, ((month, day),), year)


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _julian_weekday(date: datetime.date) -> int:
    """The weekday of a day in the old calendar."""
    behind = date.year // 100 - date.year // 400 - 2
    if (date.month, date.day) < (3, 1) and date.year % 100 == 0 and date.year % 400:
        behind -= 1
    return (date.weekday() + behind) % 7
