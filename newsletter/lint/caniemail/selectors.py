"""Which features a CSS selector uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from newsletter.lint.caniemail import naming

if TYPE_CHECKING:
    from tinycss2.ast import Node

_COMBINATORS = {
    ">": "css-selector-child",
    "+": "css-selector-adjacent-sibling",
    "~": "css-selector-general-sibling",
}
_MARKS = {
    "ident": "css-selector-type",
    "hash": "css-selector-id",
    "[] block": "css-selector-attribute",
}


def inner(nodes: Iterable[Node]) -> Iterator[Node]:
    """Nodes and all nodes inside their brackets, in the order of the text."""
    for node in nodes:
        yield node
        if node.type == "function":
            yield from inner(node.arguments)
        elif node.type == "() block":
            yield from inner(node.content or ())


def selector_features(prelude: Iterable[Node]) -> Iterator[str]:
    """The features of what stands before the brace of a style rule; some more than once."""
    before, joined, classes = "", "start", 0
    for node in prelude:
        kind = str(node.value) if node.type == "literal" else node.type
        if kind == "whitespace":
            joined = joined or "space"
            continue
        if kind == ",":
            yield "css-selector-grouping"
        if kind in _COMBINATORS:
            yield _COMBINATORS[kind]
        if kind == "," or kind in _COMBINATORS:
            before, joined, classes = "", "start", 0
            continue
        if joined:
            if joined == "space":
                yield "css-selector-descendant"
            joined, classes = "", 0
        if before == ":" and kind in ("ident", "function"):
            name = node.lower_value if kind == "ident" else node.lower_name
            slug = naming.pseudo(name)
            if slug:
                yield slug
        elif before == "." and kind == "ident":
            yield "css-selector-class"
            classes += 1
            if classes > 1:
                yield "css-selector-chaining"
        elif kind == "*":
            yield "css-selector-universal"
        elif kind in _MARKS:
            yield _MARKS[kind]
        before = kind
