"""Dates and numbers of the issue that contradict one another.

What: a file whose name begins with another day than ``date`` says, and a ``number`` that an
earlier issue has (errors). A number that is not the next one; an issue dated most of a year after
the last of a weekly or monthly letter; a day in the subject, the preheader or the title that is an
earlier issue's; "this Saturday, 14 November" or "tomorrow, 14 November" in an issue of a later day
(warnings).

Why: the file's name orders the issues and stands in web addresses, ``date`` stands in the letter,
and readers cite the number. All three are copied with the last issue's file. A reading that is over
is announced once more.

Source: newspaper practice; section ``date`` of the issue's schema.

Bad::

    subject: The letter of 13 November
    date: 2026-11-20
    ---
    date: 2026-11-13

Good::

    subject: The letter of 20 November
    date: 2026-11-20
    number: 42
    ---
    date: 2026-11-13
    number: 41
"""

from __future__ import annotations

import datetime
import functools
import itertools
import re
import statistics
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.manuscript import Where
from newsletter.issue.passages import RUNNING, Passage, PassageKind
from newsletter.lint.days import Day, days
from newsletter.lint.months import weekdays
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N09"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_NAMED = re.compile(r"(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)")
_HEADS: frozenset[Where] = frozenset({("subject",), ("preheader",), ("title",)})
_READ = RUNNING | {PassageKind.BULLET, PassageKind.PREHEADER, PassageKind.NOTE}
_OFTEN = 45  # days: a monthly letter, and a holiday
_LONG = 300  # days: a year too far, give or take the usual gap


def check(context: Context) -> Iterator[Problem]:
    """Problems of the file's name, the number, the date, and days in the text."""
    yield from _name(context)
    yield from _number(context)
    yield from _gap(context)
    for passage in context.passages:
        if passage.where in _HEADS:
            yield from _of_another_issue(context, passage)
        if passage.kind in _READ:
            yield from _is_over(context, passage)


def _name(context: Context) -> Iterator[Problem]:
    found = _NAMED.match(context.manuscript.slug)
    date = context.issue.date
    if found is None:
        return
    try:
        named = datetime.date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return
    if named != date:
        yield Problem(
            f"the file's name says {named}, the date {date}",
            "Rename the file, or change the date.",
            ("date",),
            severity=Severity.ERROR,
        )


def _number(context: Context) -> Iterator[Problem]:
    number = context.issue.number
    before = [(m.issue.number, m.path.name) for m in context.earlier]
    if number is None or not before:
        return
    same = next((name for n, name in before if n == number), None)
    last, name = before[0]
    if same:
        yield Problem(
            f"{same} is number {number} already",
            f"This one would be number {max(n or 0 for n, _ in before) + 1}.",
            ("number",),
            severity=Severity.ERROR,
        )
    elif last is not None and number != last + 1:
        year = context.earlier[0].issue.date.year
        if number == 1 and context.issue.date.year != year:
            return  # numbered by the year
        step = last - before[1][0] if len(before) > 1 and before[1][0] is not None else 1
        if step != 1 and number == last + step:
            return
        yield Problem(
            f"the last issue, {name}, is number {last}, and this one number {number}",
            f"The next would be {last + 1}.",
            ("number",),
        )


def _gap(context: Context) -> Iterator[Problem]:
    dates = [context.issue.date, *(m.issue.date for m in context.earlier)]
    gaps = [(later - earlier).days for later, earlier in itertools.pairwise(dates)]
    if len(gaps) > 3 and gaps[0] > _LONG and statistics.median(gaps[1:]) <= _OFTEN:
        yield Problem(
            f"this issue is dated {gaps[0]} days after the last one",
            "Is the year right?",
            ("date",),
        )


def _of_another_issue(context: Context, passage: Passage) -> Iterator[Problem]:
    date = context.issue.date
    others = {m.issue.date: m.path.name for m in context.earlier if m.issue.date != date}
    for day in days(passage.text, context.language):
        named = day.near(date)
        if named in others and _is_label(context, passage.text, day):
            yield Problem(
                f'"{passage.text[day.start : day.end]}" is the day of {others[named]}',
                f"This issue is of {date}.",
                passage.where,
                passage.at(day.start),
            )


_OF_THE_LETTER = re.compile(
    r"\b(?:issue|letter|edition|newsletter|bulletin|no\.?|nr\.?|№|ausgabe|rundbrief|brief|"
    r"випуск\w*|лист|число|выпуск\w*|письмо|numer|wydanie|list|numéro|lettre|número|boletín)"
    r"(?:\s(?:of|for|from|vom|für|від|за|от|z|dnia|na|du|del|de|pour|para))?\s(?:\d+,?\s)?$",
    re.IGNORECASE,
)
_ENDS = " ,|:;·•–—-()[]"


def _is_label(context: Context, text: str, day: Day) -> bool:
    """Whether a day says when the letter is from, rather than when something happened."""
    before, after = text[: day.start], text[day.end :].lstrip()
    weekday = "|".join(map(re.escape, weekdays(context.language)))
    before = re.sub(rf"(?i)(?:{weekday})\.?,?\s+$", "", before).rstrip(" ")
    if _OF_THE_LETTER.search(f"{before} ") or before.lower().endswith(
        context.publication.name.lower()
    ):
        return True
    return (not before or before[-1] in _ENDS) and (not after or after[0] in _ENDS)


def _is_over(context: Context, passage: Passage) -> Iterator[Problem]:
    text, date = passage.text, context.issue.date
    for day in days(text, context.language):
        named = day.near(date)
        if named is None or not 0 < (date - named).days < 60:
            continue
        said = _coming(context.language).search(text, max(0, day.start - 40), day.start)
        # What somebody said then of "tomorrow" was right then.
        if said and not _is_quoted(text, day.start):
            yield Problem(
                f'"{text[said.start() : day.end]}" is over when this issue appears on {date}',
                "Say what happened, or which day is meant.",
                passage.where,
                passage.at(said.start()),
            )


_QUOTES = re.compile(r"[\"“”„«»]")


def _is_quoted(text: str, at: int) -> bool:
    return len(_QUOTES.findall(text, 0, at)) % 2 == 1


# What says that a day is still to come, with or without its weekday behind it.
_THIS = {
    "en": ("this|this coming|next|coming", "tomorrow|today|tonight"),
    "de": ("diese[nrms]?|kommende[nrms]?|nächste[nrms]?", "morgen|heute"),
    "uk": ("ц[яеі]|цього|цієї|цю|наступн\\w+", "завтра|сьогодні"),
    "ru": ("эт[оау]|этот|эту|следующ\\w+|ближайш\\w+", "завтра|сегодня"),
    "be": ("гэт\\w+|наступн\\w+", "заўтра|сёння"),
    "pl": ("t[ęąę]|ten|najbliższ\\w+|przyszł\\w+", "jutro|dziś|dzisiaj"),
    "fr": ("ce|cette|prochain\\w*", "demain|aujourd'hui|aujourd’hui"),
    "es": ("este|esta|próxim\\w+", "mañana|hoy"),
    "it": ("questo|questa|prossim\\w+", "domani|oggi"),
}


@functools.lru_cache(maxsize=32)
def _coming(language: str) -> re.Pattern[str]:
    this, near = _THIS.get(language.split("-")[0].lower(), _THIS["en"])
    weekday = "|".join(sorted(map(re.escape, weekdays(language)), key=len, reverse=True))
    article = r"(?:,?\s(?:the|den|dem|der|le|el|il|on))?"
    return re.compile(
        rf"\b(?:(?:{this})\s(?:{weekday})\.?|(?:{near})){article}[,(–—-]*\s*\(?$", re.IGNORECASE
    )
