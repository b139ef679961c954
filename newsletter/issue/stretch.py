"""The stretch of an issue that is edited when somebody points at a word in the letter."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.issue.fields import CODES, MARKDOWN
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.markdown_source import piece_at, pieces
from newsletter.issue.model import Issue, Part


@dataclass(frozen=True, slots=True)
class Stretch:
    r"""A text that is edited as a whole: a line, or a paragraph of a body.

    Attributes:
        where: The way to the value.
        start: Characters into the value where it begins.
        end: The first character behind it.
        text: What the editor sees: Markdown as typed, without the signs of its own block
            (``- ``, ``## ``, ``> ``); ``\n`` where a paragraph is wrapped. Empty for a line that
            is not in the file yet.
    """

    where: Where
    start: int
    end: int
    text: str


def stretch(manuscript: Manuscript, where: Where, offset: int | None = None) -> Stretch | None:
    """The stretch at a place of the letter.

    Args:
        manuscript: The issue.
        where: The way to a value; whatever it is, nothing is raised.
        offset: Characters into the value; None for the value as a whole.

    Returns:
        A line as a whole, or the paragraph, heading or list entry of a body that holds the
        character. None for what is not words (a date, an address, a picture's file) and for what
        is not edited by itself: code, tables, the space between paragraphs, a body of many
        paragraphs as a whole.
    """
    found = holder(manuscript.issue, where)
    if found is None:
        return None
    value = getattr(found, str(where[-1]))
    if value is None:
        return None if is_body(where) else Stretch(where, 0, 0, "")
    if where not in manuscript.spans:
        return None
    if not is_body(where):
        return line(where, value)
    if offset is None:
        every = pieces(value)
        piece = every[0] if len(every) == 1 else None
    else:
        piece = piece_at(value, offset) if 0 <= offset <= len(value) else None
    return None if piece is None else Stretch(where, piece.places[0], piece.places[-1], piece.text)


def line(where: Where, value: str) -> Stretch:
    """A value of one line as a stretch, without the white space around it."""
    text = value.strip()
    start = value.index(text)
    return Stretch(where, start, start + len(text), text)


def is_body(where: Where) -> bool:
    """Whether a text has paragraphs: else it is one line."""
    return where[-1] in MARKDOWN or (where[-1] == "text" and where[0] == "sections")


def holder(issue: Issue, where: Where) -> Part | None:
    """The part whose key a way leads to, if that key holds words."""
    part: object = issue
    for step in where[:-1]:
        if isinstance(part, tuple) and isinstance(step, int) and 0 <= step < len(part):
            part = part[step]
        elif isinstance(part, Part) and step in type(part).model_fields:
            part = getattr(part, str(step))
        else:
            return None
    if not isinstance(part, Part) or not where or where[-1] not in words_of(type(part)):
        return None
    return part


def words_of(model: type[Part]) -> frozenset[str]:
    """The keys of a part that hold words, not a name, a number, a list or another part."""
    other = {
        name
        for name, field in model.model_fields.items()
        if name in CODES or name in ("image", "items", "summary", "sections", "corrections")
    }
    return frozenset(model.model_fields) - other
