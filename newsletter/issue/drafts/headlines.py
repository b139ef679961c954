"""Which lines of a draft without styles are headlines.

A line without an end mark before running text is one. Where that leaves a choice (summary lines
without full stops, a bullet broken over two lines, a headline with a question mark, a
sub-headline), the reading wins in which most bullets of the summary have their story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.drafts.ended import promote
from newsletter.issue.drafts.entries import Entry, Role
from newsletter.issue.drafts.lines import broken
from newsletter.issue.drafts.plan import LONGEST_OPENING, Plan
from newsletter.issue.drafts.runs import plan
from newsletter.issue.drafts.sub_headlines import demote

_MOST_TITLES = 2


@dataclass(frozen=True, slots=True)
class Recognised:
    """What each entry is.

    Attributes:
        roles: One for each entry.
        joined: Entries that belong to the one before them.
        remarks: What was not certain.
    """

    roles: tuple[Role, ...]
    joined: frozenset[int] = frozenset()
    remarks: tuple[Remark, ...] = ()


def recognise(entries: Sequence[Entry]) -> Recognised:
    """Find the headlines, and what else stands above running text."""
    if not entries:
        return Recognised(())
    best = _best(entries, _candidates(entries))
    demote(best)
    return Recognised(tuple(best.roles), frozenset(best.joined), tuple(best.remarks))


def _candidates(entries: Sequence[Entry]) -> list[int]:
    """Lines that may be headlines; where several lines are bold, only those."""
    able = [index for index, entry in enumerate(entries[:-1]) if entry.may_be_headline]
    bold = [index for index in able if entries[index].is_bold]
    plain = [index for index in able if not entries[index].is_bold]
    return bold if len(bold) > 1 or not plain else plain


def _best(entries: Sequence[Entry], candidates: list[int]) -> Plan:
    """The reading of the lines before the first story that pairs bullets and stories best."""
    options = [promote(plan(entries, candidates))]
    for start in _starts(entries, candidates):
        doubtful = [c for c in candidates if c < start]
        if doubtful and start <= LONGEST_OPENING:
            firm = [c for c in candidates if c >= start]
            options += _other_openings(entries, firm, doubtful)
    best = max(options, key=Plan.rank)  # the first of equals
    for index in sorted(best.joined):
        before, behind = entries[index - 1], entries[index]
        best.remarks.append(broken(behind.line, before.text, behind.text))
    return best


def _starts(entries: Sequence[Entry], candidates: list[int]) -> list[int]:
    """Where the first story may begin."""
    known = set(candidates)
    starts = set()
    if len(candidates) > 1 and candidates[0] == 0:
        starts.add(candidates[1])  # the first line is perhaps the title
    headline = None
    for index, entry in enumerate(entries):
        if index in known:
            headline = index
        elif headline is not None and entry.is_running:
            starts.add(headline)
            break
    return sorted(starts)


def _other_openings(
    entries: Sequence[Entry], firm: list[int], doubtful: list[int]
) -> Iterator[Plan]:
    """Lines before the first story that are titles, bullets, or broken bullets."""
    for titles in range(_MOST_TITLES + 1):
        if doubtful[:titles] != list(range(titles)):
            return
        rest = doubtful[titles:]
        below = [c + 1 for c in rest if c + 1 < firm[0]]
        behind = {c for c in below if entries[c].blanks == 0 and entries[c].is_text}
        behind -= set(rest)
        for joined in (set[int](), behind) if behind else (set[int](),):
            option = plan(entries, firm)
            option.joined = joined
            for index in range(titles):
                option.roles[index] = Role.TITLE
            yield promote(option)
