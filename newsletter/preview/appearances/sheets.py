"""Colours in style sheets and ``style`` attributes, changed where they stand."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from newsletter.preview.appearances.colours import parse, turned

if TYPE_CHECKING:
    from tinycss2.ast import Node

TEXT = frozenset({"color"})
GROUND = frozenset({"background", "background-color"})
_LINES = re.compile(
    r"-webkit-text-fill-color|(?:border|outline|column-rule|text-decoration)(?!.*(?:image|radius|"
    r"collapse|spacing|style|width)$).*"
)
_TOLD = re.compile(r"color|background|border|outline|column-rule|text-decoration", re.IGNORECASE)
_GROUPING = frozenset({"container", "layer", "media", "supports"})


class Recolouring(NamedTuple):
    """How colours are changed.

    Attributes:
        darkest: Lightness of what white becomes (CIELAB, 0 to 100).
        lines: Whether borders and underlines are changed, too.
    """

    darkest: float
    lines: bool

    def of(self, text: str) -> str | None:
        """What becomes of a colour; None for what is none."""
        colour = parse(text)
        return None if colour is None else turned(colour, self.darkest).css

    def takes(self, name: str) -> bool:
        """Whether it changes a property."""
        if name in TEXT or name in GROUND:
            return True
        return self.lines and _LINES.fullmatch(name) is not None


class Recoloured(NamedTuple):
    """Declarations with other colours.

    Attributes:
        css: The declarations.
        text: The colour of text that they had, as browsers write it; None if it was not changed.
        ground: The colour of the background that they had, likewise.
    """

    css: str
    text: str | None
    ground: str | None


@functools.lru_cache(maxsize=4096)  # a letter repeats the same few styles hundreds of times
def recoloured_style(css: str, recolouring: Recolouring) -> Recoloured:
    """A ``style`` attribute with other colours; pictures and gradients stay."""
    if not _TOLD.search(css):
        return Recoloured(css, None, None)
    css = _normalized(css)
    text = ground = None
    changes = []
    for node in _contents(css):
        for change in _changes(node, recolouring):
            changes.append(change)
            was = parse(change.was)
            if was and node.lower_name in TEXT:
                text = was.css
            elif was and node.lower_name in GROUND:
                ground = was.css
    return Recoloured(_changed(css, changes), text, ground)


@functools.lru_cache(maxsize=64)
def recoloured_sheet(css: str, recolouring: Recolouring) -> str:
    """A style sheet with other colours.

    What is written for dark views already stays as it is: rules for ``prefers-color-scheme`` and
    those for what Outlook has recoloured (``[data-ogsc]``).
    """
    import tinycss2

    css = _normalized(css)
    try:
        nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        changes = [
            change for node in _declarations(nodes) for change in _changes(node, recolouring)
        ]
    except RecursionError:  # hundreds of brackets inside one another
        return css
    return _changed(css, changes)


class _Change(NamedTuple):
    line: int
    column: int
    was: str
    becomes: str


def _declarations(nodes: list[Node]) -> Iterator[Node]:
    import tinycss2

    for node in nodes:
        if node.type == "declaration":
            yield node
        elif node.type == "qualified-rule" or (
            node.type == "at-rule" and node.lower_at_keyword in _GROUPING
        ):
            prelude = tinycss2.serialize(node.prelude).lower()
            if "data-ogs" not in prelude and "prefers-color-scheme" not in prelude:
                yield from _declarations(_contents(node.content or []))


def _contents(css: str | list[Node]) -> list[Node]:
    import tinycss2

    try:
        return tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    except RecursionError:
        return []


def _changes(node: Node, recolouring: Recolouring) -> Iterator[_Change]:
    if node.type != "declaration" or not recolouring.takes(node.lower_name):
        return
    for part in _colours(node.value if isinstance(node.value, list) else []):
        was = part.serialize()
        if becomes := recolouring.of(was):
            yield _Change(part.source_line, part.source_column, was, becomes)


def _colours(parts: list[Node]) -> Iterator[Node]:
    """What may be a colour; those of gradients are not looked at."""
    for part in parts:
        if part.type == "function" and part.lower_name == "light-dark":
            yield from _colours(part.arguments)
        elif part.type in ("hash", "ident", "function"):
            yield part


def _changed(css: str, changes: list[_Change]) -> str:
    if not changes:
        return css
    lines = css.split("\n")
    for change in reversed(changes):
        line, start = lines[change.line - 1], change.column - 1
        # What is written with escapes or over several lines is no colour that we could find again.
        if line.startswith(change.was, start):
            end = start + len(change.was)
            lines[change.line - 1] = line[:start] + change.becomes + line[end:]
    return "\n".join(lines)


def _normalized(css: str) -> str:
    # As CSS reads it (CSS Syntax 3, section 3.3), so that lines are counted alike.
    return css.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
