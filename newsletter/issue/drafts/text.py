"""Plain text as newsrooms paste it → blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newsletter.issue.drafts import characters, covering, fields, lines
from newsletter.issue.drafts.blocks import Block, BlockKind, Reading
from newsletter.issue.drafts.entries import Entry, Role
from newsletter.issue.drafts.headlines import recognise
from newsletter.issue.drafts.lines import Line
from newsletter.issue.drafts.marked import has_marks
from newsletter.issue.drafts.parts import Part, blocks, parts, typeset

_OF_TOP = frozenset({"subject", "preheader", "date", "title", "number", "language"})
_LEVELS = {Role.LABEL: 1, Role.HEADLINE: 2, Role.SUB_HEADLINE: 3}


def read(text: str) -> Reading:
    """The blocks of a plain text.

    Paragraphs are lines; lines that a program wrapped or a hand broke are joined. Signs that
    Markdown would read are escaped, unless the text has Markdown links or bold words.
    """
    top, found = _fields(lines.split(characters.clean(text.expandtabs(4))))
    above, found, below = covering.taken(found)
    joined, remarks = lines.unbroken(found)
    looks = parts(joined)
    recognised = recognise(_entries(looks))
    made: list[Block] = []
    keeps_marks = has_marks(text)
    for index, (part, role) in enumerate(zip(looks, recognised.roles, strict=True)):
        if block := _above_text(part, role):
            made.append(block)
            continue
        new, said = blocks(part, keeps_marks=keeps_marks)
        remarks += said
        if index in recognised.joined and made and new:
            first, *new = new
            made[-1] = replace(made[-1], text=lines.glue(made[-1].text, first.text))
        made += new
    remarks += recognised.remarks
    remarks.sort(key=lambda remark: remark.line)
    return Reading((*top, *above, *made, *below), tuple(remarks))


def _fields(found: Sequence[Line]) -> tuple[list[Block], list[Line]]:
    """``Subject: …`` and the like, before anything else."""
    top: list[Block] = []
    for index, line in enumerate(found):
        field = fields.split(line.text)
        if field is None or field[0] not in _OF_TOP or not field[1]:
            return top, list(found[index:])
        top.append(Block(BlockKind.FIELD, field[1], line.number, key=field[0]))
    return top, []


def _entries(looks: Sequence[Part]) -> list[Entry]:
    entries = []
    after_rule = False
    for part in looks:
        entries.append(
            Entry(
                part.text,
                part.line.number,
                2 if after_rule else part.line.blanks,
                is_text=part.kind is BlockKind.PARAGRAPH,
                is_item=part.kind is BlockKind.ITEM,
                is_bold=part.is_bold,
            )
        )
        after_rule = part.kind is BlockKind.DIVIDER
    return entries


def _above_text(part: Part, role: Role) -> Block | None:
    """The block of a line that stands above running text; None for running text itself."""
    text, number = typeset(part.text), part.line.number
    if role in _LEVELS:
        return Block(BlockKind.HEADING, text, number, level=_LEVELS[role])
    if role is Role.TITLE:
        return Block(BlockKind.TITLE, text, number)
    if role is Role.DATE:
        return Block(BlockKind.FIELD, text, number, key="date")
    return None
