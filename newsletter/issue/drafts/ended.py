"""Headlines that end like sentences: with a question mark, an abbreviation, a full stop."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.issue.drafts import sentences
from newsletter.issue.drafts.entries import LONGEST, Entry, Role
from newsletter.issue.drafts.match import likeness, match
from newsletter.issue.drafts.plan import LONGEST_OPENING, Plan

_LONGEST_QUESTION = 130
_ALIKE = 0.4  # of the shorter text's words that a bullet and its question share
_INITIALS = re.compile(r"\b[^\W\d_]\.(?:[^\W\d_]\.)+$")
_OPENS_SPEECH = frozenset('"“„«‘—–-(')


def promote(plan: Plan) -> Plan:
    """Find headlines among the lines that end like sentences; the same plan, changed."""
    if not plan.headlines:
        _promote_groups(plan)
    able = [
        index
        for index in range(1, len(plan.entries) - 1)
        if plan.roles[index] is Role.TEXT
        and index not in plan.joined
        and _may_be_question(plan.entries[index], plan.entries[index + 1])
    ]
    if able and len(able) <= len(plan.entries) // 2:
        _promote_questions(plan, able)
    return plan


def _promote_groups(plan: Plan) -> None:
    """No line lacks its full stop: then headlines are what begins each group of lines."""
    entries = plan.entries
    deepest = max((entry.blanks for entry in entries[1:]), default=0)
    starts = [i for i, e in enumerate(entries) if i == 0 or (deepest and e.blanks >= deepest)]
    groups = list(zip(starts, [*starts[1:], len(entries)], strict=True))
    if groups and all(_may_open(entries[index]) for index in range(*groups[0])):
        del groups[0]  # the summary
    heads = [start for start, end in groups if end - start > 1]
    if len(heads) != len(groups) or not heads or len(starts) < 2:
        return
    if all(_may_open(entries[i]) and _is_longer(entries[i + 1], entries[i]) for i in heads):
        for index in heads:
            plan.promote(index, ", since it opens a part")


def _may_open(entry: Entry) -> bool:
    return entry.is_item or (entry.is_text and sentences.is_one(entry.text, LONGEST))


def _is_longer(entry: Entry, other: Entry) -> bool:
    return len(entry.text) > len(other.text)


def _promote_questions(plan: Plan, able: Sequence[int]) -> None:
    """A line that a bullet without a story announces, or a question that stands apart."""
    headlines = plan.headlines
    until = _end_of_opening(plan, headlines, able)
    bullets = _unannounced(plan, headlines, until)
    is_rare = _blanks_are_rare(plan.entries, headlines)
    hint = "If it belongs to the text above it, move it there."
    for index in able:
        entry = plan.entries[index]
        announced = next((b for b in bullets if likeness(b, entry.text) >= _ALIKE), None)
        is_apart = entry.blanks > 0 and (is_rare or entry.blanks > 1)
        if index < until:
            continue
        if announced is not None and (_ends_oddly(entry.text) or entry.blanks):
            bullets.remove(announced)
            plan.promote(index, hint=hint)
        elif _ends_oddly(entry.text) and is_apart and headlines and index > headlines[0]:
            plan.promote(index, hint=hint)


def _may_be_question(entry: Entry, behind: Entry) -> bool:
    return (
        entry.is_text
        and sentences.has_end(entry.text)
        and sentences.is_one(entry.text, _LONGEST_QUESTION)
        and entry.text[:1] not in _OPENS_SPEECH
        and behind.is_text
        and (_is_longer(behind, entry) or behind.is_running)
    )


def _ends_oddly(text: str) -> bool:
    return text.rstrip('"”’»)')[-1:] in set("?!؟…") or _INITIALS.search(text) is not None


def _end_of_opening(plan: Plan, headlines: Sequence[int], able: Sequence[int]) -> int:
    """Where the lines before the first story end; its headline may be one that ends oddly."""
    first = headlines[0] if headlines else len(plan.entries)
    running = next((i for i in range(first) if plan.entries[i].is_running), None)
    if running is None:
        return first
    return running - 1 if running - 1 in able else running


def _unannounced(plan: Plan, headlines: Sequence[int], until: int) -> list[str]:
    """The lines of the opening that no story goes with."""
    opening = [e.text for i, e in enumerate(plan.entries[:until]) if plan.roles[i] is Role.TEXT]
    opening = [text for text in opening if sentences.is_one(text)]
    if len(opening) > LONGEST_OPENING:
        return []
    found = match(opening, plan.stories()) if headlines else [None] * len(opening)
    return [text for text, story in zip(opening, found, strict=True) if story is None]


def _blanks_are_rare(entries: Sequence[Entry], headlines: Sequence[int]) -> bool:
    """Whether blank lines mostly stand before headlines."""
    blank = sum(entry.blanks > 0 for entry in entries[1:])
    before = sum(entries[index].blanks > 0 for index in headlines)
    return blank * 3 <= len(entries) and before * 2 >= len(headlines) > 0
