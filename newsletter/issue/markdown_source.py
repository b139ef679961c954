"""The Markdown of a text block by block, as it was typed: what an editor of one paragraph sees.

``newsletter.issue.markdown`` reads words; this reads the signs among them, too.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from newsletter.issue.markdown_places import hidden, line_starts

_NOTE = re.compile(r"\[\^[^\]]*\]:[ \t]*")
_LEAVES = frozenset({"inline", "fence", "code_block", "hr"})

Leaf = tuple[str, str]
"""A block that holds no other blocks: its type and its content."""


@dataclass(frozen=True, slots=True)
class Piece:
    r"""A paragraph or a heading, wherever it stands: in a list, a quotation, a note.

    Attributes:
        text: Its Markdown without the signs of its block (``- ``, ``## ``, ``> ``); lines are
            joined by ``\n``.
        places: For each character of ``text``, and for its end, characters into the whole text.
        lead: What each further line begins with to belong to the same block; None for a heading,
            which has one line.
        first: Its first line, counted from 0.
        last: The line behind it.
        leaf: Its number among the leaves of the text.
    """

    text: str
    places: tuple[int, ...]
    lead: str | None
    first: int
    last: int
    leaf: int


@functools.lru_cache(maxsize=64)
def pieces(source: str) -> tuple[Piece, ...]:
    """The paragraphs and headings of a text; not code, and not the cells of tables."""
    return tuple(_pieces(source))


@functools.lru_cache(maxsize=64)
def leaves(source: str) -> tuple[Leaf, ...]:
    """Everything that a text consists of, in order; equal leaves are read alike."""
    return tuple((t.type, t.content) for t in _parser().parse(hidden(source)) if _is_leaf(t))


def piece_at(source: str, offset: int) -> Piece | None:
    """The piece on whose lines a character stands."""
    line = source.count("\n", 0, offset)
    return next((piece for piece in pieces(source) if piece.first <= line < piece.last), None)


def _is_leaf(token: Token) -> bool:
    return token.type in _LEAVES


def _pieces(source: str) -> Iterator[Piece]:
    text = hidden(source)
    lines, starts = text.split("\n"), line_starts(text)
    if text.count("\n") != source.count("\n"):
        return  # a merge field over two lines: nobody means that, and lines cannot be told
    leaf, tables, heading = -1, 0, False
    for token in _parser().parse(text):
        leaf += _is_leaf(token)
        tables += {"table_open": 1, "table_close": -1}.get(token.type, 0)
        if token.type.startswith("heading_"):
            heading = token.nesting > 0
        if token.type == "inline" and token.content and token.map and not tables:
            first = token.map[0]
            places = _places(token.content.split("\n"), lines[first:], starts[first:])
            if places is None:
                continue
            typed = "".join(source[at] for at in places[:-1])
            lead = None if heading else _lead(source[starts[first] : places[0]])
            last = first + typed.count("\n") + 1
            yield Piece(typed, tuple(places), lead, first, last, leaf)


def _places(content: list[str], lines: list[str], starts: list[int]) -> list[int] | None:
    """The offset of each character of a block, and of its end."""
    places: list[int] = []
    for number, said in enumerate(content):
        line, start = lines[number], starts[number]
        # The parser may have made spaces of a tab before a further line; they mean nothing there.
        kept = said.lstrip(" \t") if number else said
        if number:
            places.append(start - 1)
        whole = line.rstrip() if number == len(content) - 1 else line
        at = len(whole) - len(kept) if whole.endswith(kept) else line.rfind(kept)
        if at < 0:
            return None
        places.extend(range(start + at, start + at + len(kept)))
    return [*places, places[-1] + 1]


def _lead(before: str) -> str:
    """The beginning of further lines: ``>`` again, spaces below a list's sign."""
    return re.sub(r"[^>\s]", " ", _NOTE.sub("    ", before))


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser
