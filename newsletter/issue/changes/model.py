"""What changed between two versions of an issue, as values.

Only what readers get is looked at: layout, comments and quotes of the YAML, spaces and the breaking
of lines are no changes. Numbers count from 1, each kind of entry by itself.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from newsletter.issue.changes.words import count_words


class Change(enum.StrEnum):
    """What happened to a piece of text, or to an entry of a list."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """Moved, and nothing else; what was changed, too, is ``CHANGED`` and says ``moved``."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row with one fate; a space at its start belongs to it.

    Pieces that are not removed make the new text, those that are not added the old one, but for
    spaces.
    """

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A key of the issue, of a section or of its picture whose value changed.

    Attributes:
        name: As the file has it: ``subject``, ``headline``, ``image.alt``.
        pieces: Word by word; for addresses, dates and settings the whole values.
        is_text: Whether the value is made of words.
    """

    name: str
    pieces: tuple[Piece, ...]
    is_text: bool


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link, a picture inside a text, or the story of a bullet that changed.

    Attributes:
        kind: ``link``, ``picture`` or ``story``.
        words: The words of the link, or the alternative text of the picture.
        old: Where it led, or the source of the picture; None if it is new.
        new: Where it leads now; None if it is gone.
    """

    kind: str
    words: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph, or another entry of a text or list, that changed.

    Attributes:
        change: What happened to it.
        kind: ``paragraph``, ``heading``, ``item``, ``quote``, ``row``, ``code``, ``html`` or, for
            entries of lists, ``bullet`` and ``entry``.
        old_kind: What it was before; None if it is new.
        old: Its number among its kind before; None if it is new.
        new: Its number now; None if it is gone.
        moved: Whether it stands elsewhere in the order.
        pieces: Its text, word by word; a ``¶`` in it is the end of a paragraph that was broken in
            two, or joined with the next.
        links: Links and pictures in it that changed.
    """

    change: Change
    kind: str
    old_kind: str | None
    old: int | None
    new: int | None
    moved: bool
    pieces: tuple[Piece, ...]
    links: tuple[LinkChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A story, or another section, that changed.

    Attributes:
        change: What happened to it.
        kind: ``story``, ``quote`` … as it is now.
        title: What it is called now: its headline, or its first words.
        old: Its number among all sections before; None if it is new.
        new: Its number now; None if it is gone.
        moved: Whether it stands elsewhere in the order.
        fields: Its keys that changed.
        paragraphs: Its paragraphs, or entries, that changed.
    """

    change: Change
    kind: str
    title: str
    old: int | None
    new: int | None
    moved: bool
    fields: tuple[FieldChange, ...]
    paragraphs: tuple[ParagraphChange, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed; false if nothing did.

    Attributes:
        fields: Keys of the issue itself: subject, preheader, date …
        intro: Paragraphs of the greeting.
        summary: Bullets.
        sections: Stories and so on, in the new order, what is gone where it stood.
        outro: Paragraphs of the closing note.
    """

    fields: tuple[FieldChange, ...] = ()
    intro: tuple[ParagraphChange, ...] = ()
    summary: tuple[ParagraphChange, ...] = ()
    sections: tuple[SectionChange, ...] = ()
    outro: tuple[ParagraphChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.intro or self.summary or self.sections or self.outro)

    @property
    def words_added(self) -> int:
        """Words that were not there before; those of addresses and settings do not count."""
        return self._count(Change.ADDED)

    @property
    def words_removed(self) -> int:
        """Words that are not there any more."""
        return self._count(Change.REMOVED)

    def _count(self, change: Change) -> int:
        return sum(count_words(p.text) for p in self._pieces() if p.change is change)

    def _pieces(self) -> Iterator[Piece]:
        fields = chain(self.fields, *(section.fields for section in self.sections))
        paragraphs = chain(
            self.intro,
            self.summary,
            *(section.paragraphs for section in self.sections),
            self.outro,
        )
        for field in fields:
            if field.is_text:
                yield from field.pieces
        for paragraph in paragraphs:
            if paragraph.change is not Change.MOVED:
                yield from paragraph.pieces
