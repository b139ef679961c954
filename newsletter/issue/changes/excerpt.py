"""Changed texts as they are shown: each change with a few words around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsletter.issue.changes.model import Change, Piece

_NOUNS = {"item": "list item", "quote": "quotation", "row": "table row", "html": "HTML"}


def noun_of(kind: str) -> str:
    """What an editor calls a kind of paragraph."""
    return _NOUNS.get(kind, kind)


def new_text(pieces: Sequence[Piece]) -> str:
    """The text as it is afterwards."""
    return "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED)


def excerpt(pieces: Sequence[Piece], context: int) -> Iterator[Piece]:
    """The changes and what stands around them; the space before a change is none of it.

    Args:
        pieces: What became of each word.
        context: Words that are shown before and after a change; longer stretches are cut.
    """
    last = len(pieces) - 1
    for index, piece in enumerate(pieces):
        if piece.change is Change.SAME:
            text = _cut(piece.text, 0 if index == 0 < last else context, context * (index < last))
            yield replace(piece, text=text)
            continue
        text = piece.text.lstrip()
        before = pieces[index - 1].change if index else None
        is_exchange = before is Change.REMOVED and piece.change is Change.ADDED
        if text != piece.text and index and not is_exchange:
            yield Piece(Change.SAME, " ")
        yield replace(piece, text=text)


def _cut(text: str, head: int, tail: int) -> str:
    """The first and the last words of a text, unless few are between them."""
    words = text.split()
    if len(words) <= head + tail + max(head, tail) // 2:
        return text
    space = " " if text[:1].isspace() else ""
    return space + " ".join([*words[:head], "…", *words[len(words) - tail :]])
