"""Links that do not tell their stories apart.

What: two stories with the same ``link``, two entries of a list with the same address, or with the
same words and two addresses; in one story, the same words leading to two addresses (warnings). One
address under two texts in one story, the same long words leading to two addresses in two stories, a
link whose words are an address, and a story without any link where most have one are notes.
Addresses of mail and home pages may stand under any text, and so may one word.

Why: an address that was copied with the line above it sends readers to the wrong story, and
nobody notices who does not click. Who listens to the links of a letter, one after the other, hears
"the form" twice and cannot tell which; an address is read to them letter by letter.

Source: WCAG 2.2, 2.4.4 (link purpose) and 3.2.4 (consistent identification).

Bad::

    sections:
      - headline: Ferry returns
        body: It sails again.
        link: https://example.org/ferry
      - headline: Library stays open
        body: It has a second stove now.
        link: https://example.org/ferry

Good::

    sections:
      - headline: Ferry returns
        body: It sails again.
        link: https://example.org/ferry
      - headline: Library stays open
        body: It has a second stove now.
        link: https://example.org/library
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.findings import Severity
from newsletter.issue.manuscript import Where
from newsletter.issue.model import Links, Story
from newsletter.issue.passages import RUNNING
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.similarity import words
from newsletter.lint.text import folded

ID = "N15"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HOME = re.compile(r"https?://[^/?#]+/?(?:[?#].*)?", re.IGNORECASE)
_SHORT = 60
"""Words up to which a story needs no link."""


@dataclass(frozen=True, slots=True)
class _Link:
    """A link of a section: its words (empty for the story's own link), its address, its place."""

    text: str
    address: str
    section: int
    where: Where
    offset: int | None = None
    is_bare: bool = False


def check(context: Context) -> Iterator[Problem]:
    """Problems of links one by one, then in pairs, then of stories that have none."""
    links = list(_links(context))
    for link in links:
        if _ADDRESS.fullmatch(link.text):
            yield Problem(
                "the words of this link are an address",
                "Say where it leads: [the timetable](https://…).",
                link.where,
                link.offset,
                Severity.INFO,
            )
    named = [link for link in links if not link.is_bare and link.text]
    yield from _one_address(context, links)
    yield from _one_text(context, named)
    yield from _without_link(context, links)


def _links(context: Context) -> Iterator[_Link]:
    for number, section in enumerate(context.issue.sections):
        place: Where = ("sections", number)
        if isinstance(section, Story) and section.link:
            yield _Link("", section.link, number, (*place, "link"))
        if isinstance(section, Links):
            for index, item in enumerate(section.items):
                yield _Link(item.title, item.url, number, (*place, "items", index, "url"))
    for passage in context.passages:
        if passage.section is None:
            continue
        for link in passage.links:
            text = passage.text[link.start : link.end]
            yield _Link(
                text, link.href, passage.section, passage.where, link.at, is_bare=link.is_bare
            )


def _one_address(context: Context, links: list[_Link]) -> Iterator[Problem]:
    by_address: defaultdict[str, list[_Link]] = defaultdict(list)
    for link in links:
        if not link.address.lower().startswith("mailto:") and not _HOME.fullmatch(link.address):
            by_address[link.address].append(link)
    for same in by_address.values():
        own = [link for link in same if link.where[-1] == "link"]
        for link in own[1:]:
            yield Problem(
                f"line {_line(context, own[0])} has this link already, of another story",
                "Give each story its own link.",
                link.where,
            )
        entries = [link for link in same if link.where[-1] == "url"]
        yield from _told_apart(context, entries, Severity.WARNING)
        inside = [link for link in same if link.text and link.where[-1] != "url"]
        for section in sorted({link.section for link in inside}):
            here = [link for link in inside if link.section == section and not link.is_bare]
            yield from _told_apart(context, here, Severity.INFO)


def _told_apart(context: Context, same: list[_Link], severity: Severity) -> Iterator[Problem]:
    for link in same[1:]:
        if folded(link.text) != folded(same[0].text):
            yield Problem(
                f'this address stands in line {_line(context, same[0])} already, under "'
                f'{same[0].text}"',
                "Is it the right one? If so, use the same words for it, or leave one out.",
                link.where,
                link.offset,
                severity,
            )


def _one_text(context: Context, links: list[_Link]) -> Iterator[Problem]:
    by_text: defaultdict[str, list[_Link]] = defaultdict(list)
    for link in links:
        by_text[folded(link.text)].append(link)
    for same in by_text.values():
        first = same[0]
        count = len(words(first.text))
        for link in same[1:]:
            if link.address == first.address or count < 2:
                continue
            is_near = link.section == first.section
            if not is_near and count < 4:
                continue  # "in a statement", "the report": each story has its own
            yield Problem(
                f'"{link.text}" leads to another address in line {_line(context, first)}',
                "Say in the words where each of them leads.",
                link.where,
                link.offset,
                None if is_near else Severity.INFO,
            )


def _without_link(context: Context, links: list[_Link]) -> Iterator[Problem]:
    lengths = {n: 0 for n, s in enumerate(context.issue.sections) if isinstance(s, Story)}
    for passage in context.passages:
        if passage.section in lengths and passage.kind in RUNNING:
            lengths[passage.section] += len(words(passage.text))
    have = {link.section for link in links}
    linked = sum(number in have for number in lengths)
    if linked < 3 or 3 * linked < 2 * len(lengths):
        return
    for number, length in lengths.items():
        if number not in have and length > _SHORT:
            yield Problem(
                "this story has no link, as most others have",
                "Say where it can be read in full, or where to read on.",
                ("sections", number, "headline"),
                severity=Severity.INFO,
            )


def _line(context: Context, link: _Link) -> int:
    return context.manuscript.place(link.where, link.offset)[0]
