"""CSS as rules read it: declarations and style rules, each with the features that it uses."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tinycss2
from tinycss2.ast import Node

from newsletter.lint.caniemail import naming
from newsletter.lint.caniemail.judgement import NOTABLE
from newsletter.lint.caniemail.selectors import inner, selector_features

if TYPE_CHECKING:
    from lxml.etree import Element

_MEDIA = {
    "any-hover": "css-at-media-hover",
    "hover": "css-at-media-hover",
    "orientation": "css-at-media-orientation",
    "prefers-color-scheme": "css-at-media-prefers-color-scheme",
    "prefers-reduced-motion": "css-at-media-prefers-reduced-motion",
    "-webkit-device-pixel-ratio": "css-at-media-device-pixel-ratio",
    "-webkit-min-device-pixel-ratio": "css-at-media-device-pixel-ratio",
}
_GROUPING = frozenset({"container", "layer", "media", "supports"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """A property with its value.

    Attributes:
        property: Its name in lower case.
        value: What stands behind the colon, without ``!important``.
        functions: Names of the functions in the value, in lower case; like ``slugs`` without those
            that an earlier declaration of the same property makes up for.
        urls: The addresses in the value.
        slugs: caniemail's features that it uses, so far as mail programs differ in its value.
        important: Whether it says ``!important``.
    """

    property: str
    value: str
    functions: frozenset[str]
    urls: tuple[str, ...]
    slugs: frozenset[str]
    important: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a style sheet between braces, or an at-rule.

    Attributes:
        declarations: What it declares itself, not what is nested in it.
        slugs: Features of its selector, or of the at-rule itself.
        inside: Features of the at-rules that it stands in.
        selector: What stands before the brace of a style rule; empty for an at-rule, and for a
            rule inside another one, whose selector means nothing by itself.
        conditions: The at-rules that it stands in, from the outside: ``("@media print",)``.
        imported: The address of a style sheet that an ``@import`` fetches.
        fonts: The addresses in a ``@font-face``.
    """

    declarations: tuple[Declaration, ...]
    slugs: frozenset[str]
    inside: frozenset[str]
    selector: str = ""
    conditions: tuple[str, ...] = ()
    imported: str = ""
    fonts: tuple[str, ...] = ()


@functools.lru_cache(maxsize=4096)  # a letter repeats the same few styles hundreds of times
def declarations(style: str) -> tuple[Declaration, ...]:
    """What a ``style`` attribute declares; broken parts are left out."""
    try:
        return _declared(
            tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
        )
    except RecursionError:  # hundreds of brackets inside one another
        return ()


@functools.lru_cache(maxsize=64)
def blocks(sheet: str) -> tuple[Block, ...]:
    """Everything in a style sheet, from top to bottom; broken parts are left out."""
    try:
        nodes = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
        return tuple(_blocks(nodes, frozenset(), (), nested=False))
    except RecursionError:  # hundreds of brackets inside one another
        return ()


def of(element: Element) -> Iterator[Declaration]:
    """What an element declares: in its ``style`` attribute, and if it is a ``<style>``, in that.

    Left out is what stands in ``@media`` and other at-rules, which not all programs read.
    """
    yield from declarations(element.get("style") or "")
    if element.tag == "style":
        for block in blocks(element.text or ""):
            if not block.inside:
                yield from block.declarations


def _blocks(
    nodes: Iterable[Node], inside: frozenset[str], conditions: tuple[str, ...], *, nested: bool
) -> Iterator[Block]:
    for node in nodes:
        if node.type == "at-rule":
            slugs = frozenset(_at_rule(node))
            # What @font-face and its like declare are not properties of elements.
            yield Block((), slugs, inside, "", conditions, _imported(node), tuple(_fonts(node)))
            if node.lower_at_keyword in _GROUPING:
                said = f"@{node.lower_at_keyword} {tinycss2.serialize(node.prelude).strip()}"
                within = (*conditions, said)
                yield from _blocks(_contents(node), inside | slugs, within, nested=nested)
        elif node.type == "qualified-rule":
            content = _contents(node)
            slugs = frozenset(selector_features(node.prelude))
            if nested:
                slugs |= {"css-nesting"}
            selector = "" if nested else tinycss2.serialize(node.prelude).strip()
            yield Block(_declared(content), slugs, inside, selector, conditions)
            yield from _blocks(content, inside, conditions, nested=True)


def _imported(node: Node) -> str:
    if node.lower_at_keyword != "import":
        return ""
    for part in inner(node.prelude):
        if part.type in ("string", "url"):
            return str(part.value)
    return ""


def _fonts(node: Node) -> Iterator[str]:
    if node.lower_at_keyword == "font-face":
        for one in _declared(n for n in _contents(node)):
            yield from one.urls


def _contents(node: Node) -> list[Node]:
    content = node.content or []
    return tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)


def _at_rule(node: Node) -> Iterator[str]:
    name = node.lower_at_keyword
    slug = naming.at_rule(name)
    if slug:
        yield slug
    if name == "media":
        for part in inner(node.prelude):
            if part.type == "ident" and part.lower_value in _MEDIA:
                yield _MEDIA[part.lower_value]


def _declared(nodes: Iterable[Node]) -> tuple[Declaration, ...]:
    declared = (_declaration(node) for node in nodes if node.type == "declaration")
    return tuple(_with_fallbacks(declared))


def _with_fallbacks(declared: Iterable[Declaration]) -> Iterator[Declaration]:
    """Declarations, without what an earlier one of the same property makes up for.

    ``width: 300px; width: calc(50% - 8px)``: a program that does not know ``calc`` takes 300px.
    """
    first: dict[str, Declaration] = {}
    for one in declared:
        spare = first.setdefault(one.property, one)
        if spare is one:
            yield one
        else:
            functions, slugs = one.functions & spare.functions, one.slugs & spare.slugs
            yield dataclasses.replace(one, functions=functions, slugs=slugs)


def _declaration(node: Node) -> Declaration:
    name = node.lower_name
    parts = node.value if isinstance(node.value, list) else []
    slugs: set[str | None] = {naming.property_(name)}
    functions: set[str] = set()
    urls: list[str] = []
    for part in inner(parts):
        if part.type == "function":
            functions.add(part.lower_name)
            slugs.add(naming.function(part.lower_name))
            if part.lower_name == "rgba":
                slugs.add("css-rgb")  # the same function (CSS Color 4, section 5.1)
            if part.lower_name == "url":
                urls += [str(word.value) for word in part.arguments if word.type == "string"]
        elif part.type == "url":
            urls.append(str(part.value))
        elif part.type == "ident":
            slugs.add(naming.value(name, part.lower_value))
        elif part.type == "dimension":
            slugs.add(naming.unit(part.lower_unit))
        elif part.type == "percentage":
            slugs.add(naming.unit("percent"))
    if node.important:
        slugs.add("css-important")
    if name == "background" and urls:
        slugs.add("css-background-image")
    value = tinycss2.serialize(parts).strip()
    known = frozenset(slug for slug in slugs if slug and _is_use(slug, value.lower()))
    return Declaration(name, value, frozenset(functions), tuple(urls), known, bool(node.important))


def _is_use(slug: str, value: str) -> bool:
    notable = NOTABLE.get(slug)
    return notable is None or notable.search(value) is not None
