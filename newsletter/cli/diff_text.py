"""What ``newsletter diff`` shows: changes as lines, removed and added words marked."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import click

from newsletter.cli.output import count
from newsletter.issue.changes.excerpt import excerpt, new_text, noun_of
from newsletter.issue.changes.model import (
    Change,
    Changes,
    FieldChange,
    LinkChange,
    ParagraphChange,
    Piece,
    SectionChange,
)
from newsletter.issue.changes.words import count_words

CONTEXT = 8
"""Words that are shown before and after a change; longer stretches are cut."""


def lines(changes: Changes) -> Iterator[str]:
    """The changes part by part, and a line that counts them."""
    for field in changes.fields:
        yield _field(field)
    for name, paragraphs in (("Intro", changes.intro), ("Summary", changes.summary)):
        yield from _part(name, paragraphs)
    for section in changes.sections:
        yield from _section(section)
    yield from _part("Outro", changes.outro)
    yield ""
    yield _counted(changes)


def _part(name: str, paragraphs: Sequence[ParagraphChange]) -> Iterator[str]:
    if paragraphs:
        yield ""
        yield click.style(name, bold=True)
        for paragraph in paragraphs:
            yield from _paragraph(paragraph)


def _section(section: SectionChange) -> Iterator[str]:
    title = f" “{section.title}”" if section.title else ""
    words = sum(count_words(p.text) for part in section.paragraphs for p in part.pieces)
    size = f", {count(words, 'word')}" if words else ""
    state = {
        Change.ADDED: f" (new{size})",
        Change.REMOVED: f" (removed{size})",
    }.get(section.change, _moved(section.moved, section.old, section.new))
    yield ""
    yield click.style(f"{section.kind.capitalize()}{title}", bold=True) + state
    if section.change is Change.REMOVED:
        return
    for field in section.fields:
        is_said = section.change is Change.ADDED and (
            field.name == "kind" or new_text(field.pieces) == section.title
        )
        if not is_said:
            yield f"  {_field(field)}"
    for paragraph in section.paragraphs:
        yield from _paragraph(paragraph)


def _paragraph(paragraph: ParagraphChange) -> Iterator[str]:
    kind = noun_of(paragraph.kind)
    number = paragraph.old if paragraph.new is None else paragraph.new
    states = {Change.ADDED: " (new)", Change.REMOVED: " (removed)"}
    state = states.get(paragraph.change, _moved(paragraph.moved, paragraph.old, paragraph.new))
    if paragraph.old_kind and paragraph.old_kind != paragraph.kind:
        state += f" (was: {noun_of(paragraph.old_kind)})"
    text = _shown(paragraph.pieces)
    yield f"  {kind} {number}{state}: {text}" if text else f"  {kind} {number}{state}:"
    if paragraph.change is not Change.REMOVED:
        for link in paragraph.links:
            yield f"    {_link(link)}"


def _moved(moved: bool, old: int | None, new: int | None) -> str:  # noqa: FBT001
    if not moved:
        return ""
    return f" (moved, was {old})" if old != new else " (moved)"


def _field(field: FieldChange) -> str:
    return f"{field.name}: {_shown(field.pieces)}"


def _link(link: LinkChange) -> str:
    name = f"{link.kind} “{' '.join(link.words.split())}”" if link.words else link.kind
    marked = "".join(
        _mark(change, address)
        for change, address in ((Change.REMOVED, link.old), (Change.ADDED, link.new))
        if address
    )
    return f"{name}: {marked}"


def _shown(pieces: Sequence[Piece]) -> str:
    """Pieces as one line; what did not change is cut to its ends."""
    return "".join(
        piece.text if piece.change is Change.SAME else _mark(piece.change, piece.text)
        for piece in excerpt(pieces, CONTEXT)
    )


def _mark(change: Change, text: str) -> str:
    if not _has_colours():
        return f"[-{text}-]" if change is Change.REMOVED else f"{{+{text}+}}"
    if change is Change.REMOVED:
        return click.style(text, fg="red", strikethrough=True)
    return click.style(text, fg="green", underline=True)


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _counted(changes: Changes) -> str:
    """``3 stories changed, 1 new, 1 moved; 41 words added, 12 removed``."""
    said = [", ".join(field.name for field in changes.fields) + " changed"]
    said = said if changes.fields else []
    paragraphs = len(changes.intro) + len(changes.outro)
    if paragraphs:
        said.append(f"{count(paragraphs, 'paragraph')} of intro and outro changed")
    only_stories = all(section.kind == "story" for section in changes.sections)
    nouns = ("story", "stories") if only_stories else ("section", "")
    for entries, noun in ((changes.summary, ("bullet", "")), (changes.sections, nouns)):
        if entries:
            said.append(_tally(entries, *noun))
    added, removed = changes.words_added, changes.words_removed
    said.append(f"{count(added, 'word')} added, {removed:,} removed")
    return "; ".join(said)


def _tally(entries: Sequence[ParagraphChange | SectionChange], noun: str, plural: str) -> str:
    found = Counter(entry.change for entry in entries if entry.change is not Change.MOVED)
    moved = sum(entry.moved for entry in entries)
    tallies = {
        "changed": found[Change.CHANGED],
        "new": found[Change.ADDED],
        "moved": moved,
        "removed": found[Change.REMOVED],
    }
    (state, number), *others = [(s, n) for s, n in tallies.items() if n]
    rest = "".join(f", {n:,} {s}" for s, n in others)
    return f"{count(number, noun, plural)} {state}{rest}"
