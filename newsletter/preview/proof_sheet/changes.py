"""What changed since an earlier version, in words for a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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

CONTEXT = 12
"""Words that are shown before and after a change; longer stretches are cut."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text, or another value, that changed.

    Attributes:
        label: What it is: ``paragraph 3``, ``subject``.
        state: ``new``, ``removed``, ``moved, was 2``; empty if only its words changed.
        pieces: Its words, what stayed the same cut to its ends.
        is_text: It is made of words, not an address or a setting.
        links: Links in it that changed.
    """

    label: str
    state: str = ""
    pieces: tuple[Piece, ...] = ()
    is_text: bool = True
    links: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the letter in which something changed.

    Attributes:
        kind: ``Story``, ``Summary``; empty for what concerns the whole issue.
        title: What the section is called.
        state: As of an entry.
        entries: What changed in it.
    """

    kind: str
    title: str = ""
    state: str = ""
    entries: tuple[Entry, ...] = ()


def parts(changes: Changes) -> tuple[Part, ...]:
    """The changes in the order of the letter."""
    whole = (
        Part("Issue", entries=tuple(map(_field, changes.fields))),
        Part("Intro", entries=tuple(map(_paragraph, changes.intro))),
        Part("Summary", entries=tuple(map(_paragraph, changes.summary))),
        *map(_section, changes.sections),
        Part("Outro", entries=tuple(map(_paragraph, changes.outro))),
    )
    return tuple(part for part in whole if part.entries or part.state)


def _section(section: SectionChange) -> Part:
    words = sum(count_words(p.text) for part in section.paragraphs for p in part.pieces)
    size = f", {words:,} word{'s' * (words != 1)}" if words else ""
    kind, title = section.kind.capitalize(), section.title
    if section.change is Change.REMOVED:
        return Part(kind, title, "removed" + size)
    fields: Iterable[FieldChange] = section.fields
    state = _moved(section.moved, section.old, section.new)
    if section.change is Change.ADDED:
        state = "new" + size
        fields = [f for f in fields if f.name != "kind" and new_text(f.pieces) != title]
    return Part(kind, title, state, (*map(_field, fields), *map(_paragraph, section.paragraphs)))


def _paragraph(paragraph: ParagraphChange) -> Entry:
    number = paragraph.old if paragraph.new is None else paragraph.new
    states = {Change.ADDED: "new", Change.REMOVED: "removed"}
    state = states.get(paragraph.change, _moved(paragraph.moved, paragraph.old, paragraph.new))
    if paragraph.old_kind and paragraph.old_kind != paragraph.kind:
        was = f"was a {noun_of(paragraph.old_kind)}"
        state = f"{state}, {was}" if state else was
    links = () if paragraph.change is Change.REMOVED else tuple(map(_link, paragraph.links))
    pieces = tuple(excerpt(paragraph.pieces, CONTEXT))
    return Entry(f"{noun_of(paragraph.kind)} {number}", state, pieces, links=links)


def _field(field: FieldChange) -> Entry:
    pieces = tuple(excerpt(field.pieces, CONTEXT)) if field.is_text else field.pieces
    return Entry(field.name, pieces=pieces, is_text=field.is_text)


def _link(link: LinkChange) -> Entry:
    words = " ".join(link.words.split())
    addresses = ((Change.REMOVED, link.old), (Change.ADDED, link.new))
    pieces = tuple(Piece(change, address) for change, address in addresses if address)
    return Entry(f"{link.kind} “{words}”" if words else link.kind, pieces=pieces, is_text=False)


def _moved(moved: bool, old: int | None, new: int | None) -> str:  # noqa: FBT001
    if not moved:
        return ""
    return f"moved, was {old}" if old != new else "moved"
