"""What every reader of drafts gives: the draft's blocks, in order, each with its line.

A reader only says what stands in the draft; what it means for an issue (which lines are the
summary, where a story begins) is decided once, for all of them, in ``outline``.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

TO_BE_PLACED = "**To be placed**"
"""Begins the section of an issue that holds what of its draft has no place."""


class BlockKind(enum.StrEnum):
    """What a block is in the draft."""

    TITLE = "title"
    """The headline of the whole draft (Word's style Title)."""
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """One entry of a list."""
    QUOTE = "quote"
    """A paragraph set apart as a quotation."""
    PICTURE = "picture"
    CAPTION = "caption"
    """A paragraph that says what a picture beside it shows; ``captions`` gives it to that one."""
    TABLE = "table"
    DIVIDER = "divider"
    """A line between parts: ``---`` or ``* * *``."""
    FIELD = "field"
    """``key: value`` at the top of a draft or of one of its sections."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a draft.

    Attributes:
        src: Its https address, or the name under which ``data`` is to be kept beside the issue.
        alt: What the draft says that it shows; empty if it says nothing.
        data: The file, for one that came inside the draft; empty for an address or a file name.
        title: What Markdown or HTML calls it: who made it, or what it shows.
        caption: What stands below it, as Markdown.
        credit: Who made it.
    """

    src: str
    alt: str = ""
    data: bytes = b""
    title: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a draft.

    Attributes:
        kind: What it is.
        text: Its words as Markdown of an issue: emphasis, links and code are marked, and what
            only looks like Markdown is escaped. A table is a whole Markdown table. A heading or
            a title is plain text. Empty for a picture or a divider.
        line: Line of the draft where it begins, from 1; of a Word file, the paragraph.
        level: Of a heading 1 to 6; of an item how deep it is nested, from 1.
        number: The number of an item of a numbered list; None for a bullet.
        key: Name of a field, in lower case.
        picture: The picture of a picture block.
    """

    kind: BlockKind
    text: str
    line: int
    level: int = 1
    number: int | None = None
    key: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was done to a draft, or that nobody could be sure of, for the editor to see.

    Attributes:
        line: Line of the draft, from 1.
        rule: Slug of what it is about: ``broken-line``, ``unsafe-link``, ``comment-dropped``.
        message: What was seen, one sentence without a full stop at the end.
        hint: What to do about it, full sentences; empty if nothing.
    """

    line: int
    rule: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a draft.

    Attributes:
        blocks: Everything that stands in the draft, in order.
        remarks: What the editor should know of, in order.
        unit: What ``line`` counts: ``line`` or ``paragraph``.
    """

    blocks: tuple[Block, ...]
    remarks: tuple[Remark, ...] = ()
    unit: str = "line"
