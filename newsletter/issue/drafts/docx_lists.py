"""Styles and lists of a Word file: which built-in style one is made from, what number an item has.

ECMA-376, part 1, sections 17.7 (styles) and 17.9 (numbering).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import Element

# The built-in styles that say what a paragraph is; in the file they have English names always.
_KNOWN = re.compile(
    r"title|subtitle|heading [1-9]|(?:intense )?quote|block text|list (?:bullet|number)(?: [2-5])?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs."""

    name: str
    base: str
    numbering: tuple[str, str] | None


@dataclass(slots=True)
class Level:
    """One level of a kind of list."""

    is_numbered: bool
    start: int


@dataclass(slots=True)
class Lists:
    """The styles and lists of a file, and how far each list has been counted.

    Attributes:
        styles: By id.
        levels: Of each list, by its id and level.
        kinds: Which lists are counted together: their common (abstract) list, by id.
        counts: How far the items are counted, by kind and level.
        restarts: Levels of lists that begin anew, whatever was counted before.
    """

    styles: dict[str, Style] = field(default_factory=dict)
    levels: dict[tuple[str, str], Level] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    restarts: set[tuple[str, str]] = field(default_factory=set)
    _begun: set[tuple[str, str]] = field(default_factory=set)

    def settle(self, properties: Element) -> int | None:
        """Write a paragraph's real style and list into its properties.

        Args:
            properties: Its ``w:pPr``, which is changed: a house style becomes the built-in style
                that it is made from, and a list that comes from the style stands in it.

        Returns:
            The number of its item; None if it has none.
        """
        styled = _child(properties, "pStyle")
        chain = self._chain(_value(styled))
        known = next((style for style in chain if _KNOWN.fullmatch(self.styles[style].name)), None)
        if styled is not None and known:
            _set(styled, known)
        if known and not self.styles[known].name.lower().startswith("list"):
            return None
        place = _numbering(properties) or next(
            (found for style in chain if (found := self.styles[style].numbering)), None
        )
        if place is None:
            return None
        level = self.levels.get(place)
        if level is None:
            return None
        _write_numbering(properties, place)
        return self._next(place, level) if level.is_numbered else None

    def _chain(self, style: str) -> list[str]:
        """A style and those that it is made from."""
        chain: list[str] = []
        while style in self.styles and style not in chain:
            chain.append(style)
            style = self.styles[style].base
        return chain

    def _next(self, place: tuple[str, str], level: Level) -> int:
        number, depth = place
        counts, at = self.counts.setdefault(self.kinds.get(number, number), {}), int(depth)
        if at not in counts or (place in self.restarts and place not in self._begun):
            counts[at] = level.start - 1
        self._begun.add(place)
        counts[at] += 1
        for deeper in [other for other in counts if other > at]:
            del counts[deeper]
        return counts[at]


def read(styles: Element | None, numbering: Element | None) -> Lists:
    """The styles and lists of a file, from its parts ``styles`` and ``numbering``."""
    lists = Lists()
    for style in styles if styles is not None else ():
        properties = _child(style, "pPr")
        lists.styles[_attribute(style, "styleId")] = Style(
            _value(_child(style, "name")),
            _value(_child(style, "basedOn")),
            _numbering(properties) if properties is not None else None,
        )
    if numbering is not None:
        _read_levels(lists, numbering)
    return lists


def _read_levels(lists: Lists, numbering: Element) -> None:
    kinds = {
        _attribute(kind, "abstractNumId"): {
            _attribute(level, "ilvl") or "0": _level(level) for level in _children(kind, "lvl")
        }
        for kind in _children(numbering, "abstractNum")
    }
    for number in _children(numbering, "num"):
        key = _attribute(number, "numId")
        kind = _value(_child(number, "abstractNumId"))
        lists.kinds[key] = kind
        for depth, level in kinds.get(kind, {}).items():
            if level is not None and depth.isdigit():
                lists.levels[key, depth] = level
        for change in _children(number, "lvlOverride"):
            place = key, _attribute(change, "ilvl")
            start = _value(_child(change, "startOverride"))
            if start.isdigit() and place in lists.levels:
                lists.levels[place] = Level(lists.levels[place].is_numbered, int(start))
                lists.restarts.add(place)


def _level(level: Element) -> Level | None:
    shape = _value(_child(level, "numFmt"))
    start = _value(_child(level, "start"))
    if shape == "none":
        return None
    return Level(shape != "bullet", int(start) if start.isdigit() and len(start) < 10 else 1)


def _numbering(properties: Element) -> tuple[str, str] | None:
    found = _child(properties, "numPr")
    number = _value(_child(found, "numId")) if found is not None else ""
    if found is None or not number:
        return None
    return number, _value(_child(found, "ilvl")) or "0"


def _write_numbering(properties: Element, place: tuple[str, str]) -> None:
    old = _child(properties, "numPr")
    if old is not None:
        properties.remove(old)
    space = properties.tag.partition("}")[0]
    written = properties.makeelement(f"{space}}}numPr")
    for tag, value in (("ilvl", place[1]), ("numId", place[0])):
        part = properties.makeelement(f"{space}}}{tag}")
        _set(part, value)
        written.append(part)
    properties.append(written)


def _children(element: Element, kind: str) -> list[Element]:
    return [child for child in element if child.tag.rpartition("}")[2] == kind]


def _child(element: Element, kind: str) -> Element | None:
    return next(iter(_children(element, kind)), None)


def _attribute(element: Element, kind: str) -> str:
    return element.get(f"{element.tag.partition('}')[0]}}}{kind}") or ""


def _value(element: Element | None) -> str:
    return _attribute(element, "val") if element is not None else ""


def _set(element: Element, value: str) -> None:
    element.set(f"{element.tag.partition('}')[0]}}}val", value)
