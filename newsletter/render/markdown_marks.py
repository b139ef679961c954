"""Marks in Markdown: one for each block with words, each link and each picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.issue.markdown_places import block_start, line_starts, places_of, with_place
from newsletter.render.marks import Mark

MARK = "mark"
"""Key in the ``meta`` of a picture's token: its mark, for the renderer to put out."""

_NOTED = frozenset({"autolink", "image", "link"})
_CODE = frozenset({"fence", "code_block"})


def note_places(parser: MarkdownIt) -> None:
    """Make a parser note in its tokens where links and pictures begin (``meta["at"]``)."""
    for rule in parser.inline.ruler.__rules__:
        if rule.name in _NOTED:
            rule.fn = with_place(rule.fn)


def marked(tokens: Sequence[Token], source: str, mark: Mark) -> Iterator[Token]:
    """The tokens of a text with marks among them; the given tokens are not changed."""
    lines = line_starts(source)
    reached = 0
    for token in tokens:
        if token.map and token.type != "inline":
            reached = max(reached, lines[min(token.map[0], len(lines) - 1)])
        if token.type == "inline":
            places = places_of(source, token.content, block_start(source, token, lines, reached))
            if token.map:
                reached = max(reached, places[-1])
            yield token.copy(children=list(_inline(token, places, mark)))
        elif token.type in _CODE:
            yield token.copy(content=mark(reached) + token.content)
        else:
            yield token


def _inline(token: Token, places: Sequence[int], mark: Mark) -> Iterator[Token]:
    children = token.children or []
    yield _text(mark(places[0]))
    cursor = 0
    for child, following in zip_longest(children, children[1:]):
        at = child.meta.get("at")
        if child.markup == "linkify" and following:
            at = token.content.find(following.content, cursor)
        if at is None or not 0 <= at < len(places):
            yield child
            continue
        cursor = at + 1
        if child.type == "image":
            child = child.copy(meta={**child.meta, MARK: mark(places[at])})
        yield child
        if child.type == "link_open":
            yield _text(mark(places[at]))


def _text(mark: str) -> Token:
    return Token("text", "", 0, content=mark)
