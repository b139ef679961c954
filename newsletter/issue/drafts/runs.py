"""Lines that could be headlines, and stand right behind one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter.issue.drafts import dates
from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.drafts.entries import Entry, Role, is_capitals
from newsletter.issue.drafts.plan import Plan

_MOST_ABOVE = 5  # lines among which the day of the issue stands
_LONGEST_NAME = 4  # words


def plan(entries: Sequence[Entry], candidates: Sequence[int]) -> Plan:
    """The reading in which one line of each run of candidates is a headline.

    At the top, what stands before the last line of a run is the title. Elsewhere a run is a label
    and a headline, the name that closes one story and the headline of the next, or a headline and
    its second line: that is the case if the first story has a second line, too.
    """
    made = Plan(entries, [_first_role(entry, index) for index, entry in enumerate(entries)])
    runs = list(_runs(candidates))
    has_seconds = bool(runs) and len(runs[0]) > 1
    is_pattern = len(runs) > 1 and all(len(run) == 2 for run in runs)
    for run in runs:
        if len(run) == 1:
            made.roles[run[0]] = Role.HEADLINE
        elif run[0] == 0 and not is_pattern and not _begins_with_label(entries, candidates):
            for index in run[:-1]:
                made.roles[index] = Role.TITLE if index < 2 else Role.TEXT
            made.roles[run[-1]] = Role.HEADLINE
        else:
            _read(made, run, has_seconds=has_seconds)
    return made


def _first_role(entry: Entry, index: int) -> Role:
    """A line near the top that is nothing but a day is the day of the issue."""
    is_day = index < _MOST_ABOVE and entry.is_text and dates.is_date(entry.text)
    return Role.DATE if is_day else Role.TEXT


def _runs(candidates: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for index in candidates:
        if run and index != run[-1] + 1:
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _begins_with_label(entries: Sequence[Entry], candidates: Sequence[int]) -> bool:
    """Whether the first line is a label rather than the title: labels come in numbers."""
    return entries[0].is_label and sum(entries[index].is_label for index in candidates) > 1


def _read(made: Plan, run: Sequence[int], *, has_seconds: bool) -> None:
    entries = made.entries
    rest = list(run)
    apart = [index for index in run if entries[index].blanks > 0]
    if apart:
        rest = rest[rest.index(apart[0]) :]  # names and notes close the story before
    if len(rest) > 1 and entries[rest[0]].is_label and not is_capitals(entries[rest[1]].text):
        made.roles[rest[0]] = Role.LABEL
        headline = rest[1]
    elif len(rest) == 2 and not has_seconds and entries[rest[0]].words <= _LONGEST_NAME:
        headline = rest[1]
    elif len(rest) > 2 and apart:
        headline = apart[-1]
    else:
        headline = rest[0]
    made.roles[headline] = Role.HEADLINE
    for index in rest:
        if made.roles[index] is Role.TEXT:
            said = f'"{entries[index].shortened()}" could be a headline; it was kept as text'
            hint = "If it begins a story of its own, make it a headline."
            made.remarks.append(Remark(entries[index].line, "headline", said, hint))
