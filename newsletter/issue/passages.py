"""The words of an issue as readers read them: passage by passage, each character with its place.

A passage is a line of its own or a paragraph, without Markdown's signs, with typographic signs as
they were typed. Rules that read words read passages, and say where in the file a word stands.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.issue.manuscript import Where
from newsletter.issue.markdown import Inline, Mark, blocks, inline
from newsletter.issue.model import Issue, Part


class PassageKind(enum.StrEnum):
    """What a passage is to a reader."""

    SUBJECT = "subject"
    PREHEADER = "preheader"
    TITLE = "title"
    """Headline of the issue, or of a list of links."""
    BULLET = "bullet"
    HEADLINE = "headline"
    """Of a story."""
    HEADING = "heading"
    """Inside a text."""
    BYLINE = "byline"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """A paragraph of a list inside a text."""
    QUOTE = "quote"
    """A paragraph of a quotation."""
    CELL = "cell"
    """Of a table."""
    LABEL = "label"
    """Of a button, an advertisement, or an entry of a list of links."""
    ALT = "alt"
    CAPTION = "caption"
    CREDIT = "credit"
    SOURCE = "source"
    """Who said a quotation."""
    NOTE = "note"


RUNNING = frozenset({PassageKind.PARAGRAPH, PassageKind.ITEM, PassageKind.QUOTE})
"""Kinds that are running text: sentences, not labels."""

_FIELDS = {
    "subject": PassageKind.SUBJECT,
    "preheader": PassageKind.PREHEADER,
    "title": PassageKind.TITLE,
    "headline": PassageKind.HEADLINE,
    "byline": PassageKind.BYLINE,
    "label": PassageKind.LABEL,
    "alt": PassageKind.ALT,
    "credit": PassageKind.CREDIT,
    "source": PassageKind.SOURCE,
}
_ONE_LINE = {"text": PassageKind.BULLET, "caption": PassageKind.CAPTION, "note": PassageKind.NOTE}
_BODIES = frozenset({"body", "intro", "outro"})
_IN_A_BODY = {
    "heading": PassageKind.HEADING,
    "item": PassageKind.ITEM,
    "quote": PassageKind.QUOTE,
    "cell": PassageKind.CELL,
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside a passage.

    Attributes:
        href: Where it leads, as typed.
        start: Where its words begin in the passage's text.
        end: Where they end.
        at: Characters into the value where it begins: its ``[``, or the address itself.
        href_at: Characters into the value where the address stands; None for one that is written
            elsewhere (``[words][1]``).
        is_bare: Whether the address itself is what readers see.
    """

    href: str
    start: int
    end: int
    at: int
    href_at: int | None
    is_bare: bool


@dataclass(frozen=True, slots=True)
class Passage:
    r"""A line or a paragraph.

    Attributes:
        where: The way to the value that it stands in.
        kind: What it is to a reader.
        section: The number of its section in ``sections``, from 0; None outside of them.
        text: Its words without Markdown's signs; ``\n`` where the line was broken; code is
            ``\ufffc`` repeated; merge fields as typed.
        offsets: For each character of ``text``, and for its end, characters into the value.
        links: Its links, from left to right.
        breaks: Where in ``text`` a line break was asked for (two spaces or a backslash).
    """

    where: Where
    kind: PassageKind
    section: int | None
    text: str
    offsets: Sequence[int]
    links: tuple[Link, ...] = ()
    breaks: frozenset[int] = frozenset()

    def at(self, index: int) -> int:
        """Characters into the value of a character of the text."""
        return self.offsets[index]


def passages(issue: Issue) -> Iterator[Passage]:
    """The passages of an issue, in the order of its fields and sections."""
    yield from _of(issue, ())


def _of(part: Part, where: Where) -> Iterator[Passage]:
    section = where[1] if len(where) > 1 and where[0] == "sections" else None
    assert section is None or isinstance(section, int)  # noqa: S101
    is_quote = getattr(part, "kind", None) == "quote"
    is_item = where[-2:-1] == ("items",)
    for name in type(part).model_fields:
        value, place = getattr(part, name), (*where, name)
        if isinstance(value, Part):
            yield from _of(value, place)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Part):
                    yield from _of(item, (*place, index))
        elif not isinstance(value, str):
            continue
        elif name in _BODIES or (name == "text" and is_quote):
            yield from _body(value, place, section, is_quote=is_quote)
        elif name in _ONE_LINE:
            yield _passage(inline(value), place, _ONE_LINE[name], section)
        elif name in _FIELDS:
            kind = PassageKind.LABEL if is_item and name == "title" else _FIELDS[name]
            yield Passage(place, kind, section, value, range(len(value) + 1))


def _body(value: str, place: Where, section: int | None, *, is_quote: bool) -> Iterator[Passage]:
    usual = PassageKind.QUOTE if is_quote else PassageKind.PARAGRAPH
    for block in blocks(value):
        kind = _IN_A_BODY.get(block.kind, usual)
        if block.kind != "code" and re.search(r"\S", block.content.text):
            yield _passage(block.content, place, kind, section)


def _passage(content: Inline, place: Where, kind: PassageKind, section: int | None) -> Passage:
    return Passage(
        place,
        kind,
        section,
        content.text,
        content.offsets,
        tuple(_link(mark) for mark in content.links),
        content.breaks,
    )


def _link(mark: Mark) -> Link:
    return Link(mark.href, mark.start, mark.end, mark.at, mark.href_at, mark.is_bare)
