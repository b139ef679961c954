"""Where in a text the pieces stand that markdown-it finds in it: the parser knows lines only."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from newsletter.issue.merge_field import FIELD

HIDDEN = "\ue0ff"
"""Stands for each character of a merge field, whose braces and spaces would end an address."""


@functools.lru_cache(maxsize=64)
def hidden(source: str) -> str:
    """A text of the same length in which merge fields are one long word each."""
    return FIELD.sub(lambda found: HIDDEN * len(found[0]), source)


def line_starts(source: str) -> list[int]:
    """The offset of each line of a text, and one behind its end."""
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def block_start(source: str, token: Token, lines: Sequence[int], reached: int) -> int:
    """Where in a text the words of a block begin, or its lines.

    Args:
        source: The text.
        token: Its inline token.
        lines: ``line_starts`` of the text.
        reached: How far the blocks before it go that have lines of their own.
    """
    if token.map is None:  # a note that is typed inside a sentence: ^[words]
        return max(hidden(source).find(f"^[{token.content}]"), 0) + 2
    # Notes are moved to the end of the text: they stand before what was read last.
    first, last = (lines[min(line, len(lines) - 1)] for line in token.map)
    return reached if first <= reached < last else first


def places_of(source: str, content: str, start: int) -> list[int]:
    """The offset in the source of each character of a block, and of its end.

    The content of a block is its lines without indentation, ">" and "|"; so a line of it is part
    of the line it comes from.
    """
    places: list[int] = []
    text = hidden(source)
    for number, line in enumerate(content.split("\n")):
        if number:
            # The line break that ends the line above.
            end = text.find("\n", start)
            start = (end if end >= 0 else len(source)) + 1
            places.append(start - 1)
        at = text.find(line, start)
        start = at if at >= 0 else min(start, len(source))
        places.extend(range(start, start + len(line)))
        start += len(line)
    places.append(start)
    if max(places) > len(source):
        return [min(place, len(source)) for place in places]
    return places


InlineRule = Callable[[StateInline, bool], bool]


def with_place(rule: InlineRule) -> InlineRule:
    """A rule that notes in its tokens where in the block they begin and end."""

    def placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
        at, before = state.pos, len(state.tokens)
        found = rule(state, silent)
        new = [t for t in state.tokens[before:] if t.type != "text"] if found and not silent else []
        if new:
            new[0].meta.setdefault("at", at)
            new[-1].meta.setdefault("end", state.pos)
            if new[0].type == "link_open" and new[0].info != "auto":
                new[0].meta["href_at"] = _address_at(state, at)
        return found

    return placed


def _address_at(state: StateInline, at: int) -> int | None:
    """Where the address of ``[words](address)`` begins; None for ``[words][1]``."""
    closing = state.md.helpers.parseLinkLabel(state, at)
    found = re.compile(r"\]\(\s*<?").match(state.src, closing)
    return found.end() if found else None
