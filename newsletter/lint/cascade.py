"""Which CSS declarations hold for each element of a letter (CSS Cascade 4, section 6)."""

from __future__ import annotations

import enum
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from newsletter.lint.caniemail import css
from newsletter.lint.declared import TRACKED, longhands
from newsletter.lint.selectors import Selector, selectors

if TYPE_CHECKING:
    from lxml.etree import Element


class Scheme(enum.StrEnum):
    """The colours that a reader has asked for."""

    LIGHT = "light"
    DARK = "dark"


class Cascade(NamedTuple):
    """What the style sheets and ``style`` attributes of a letter come to.

    Attributes:
        values: By scheme, for each element that declares anything: its longhand properties of
            ``declared.TRACKED``, in lower case, with the value that wins.
        sometimes: For each element the properties that it gets under other conditions (the width
            of the window and so on), which are not among its values.
        is_dark: Whether any rule is for readers who asked for dark colours.
    """

    values: Mapping[Scheme, Mapping[Element, Mapping[str, str]]]
    sometimes: Mapping[Element, frozenset[str]]
    is_dark: bool


class _Rule(NamedTuple):
    """A declaration that applies to an element; sorted, the winning one is the last."""

    important: bool
    attribute: bool
    specificity: tuple[int, int, int]
    order: int
    property: str
    value: str
    scheme: Scheme | None


class _When(enum.Enum):
    """Under which condition a rule holds."""

    ALWAYS = enum.auto()
    LIGHT = enum.auto()
    DARK = enum.auto()
    SOMETIMES = enum.auto()
    NEVER = enum.auto()


_SCHEMES = {_When.ALWAYS: None, _When.LIGHT: Scheme.LIGHT, _When.DARK: Scheme.DARK}
_ON_SCREEN = re.compile(r"@media(?: only)?(?: (?:screen|all))?")
_ASKED = re.compile(
    r"@media (?:(?:only )?(?:screen|all) and )?\(prefers-color-scheme ?: ?(light|dark)\)"
)
_PRINTED = re.compile(r"@media(?: only)? (?:print|speech|tty|tv)\b[^,]*")


def _condition(rule: str) -> _When:
    said = " ".join(rule.lower().split()).replace("( ", "(").replace(" )", ")")
    if _ON_SCREEN.fullmatch(said):
        return _When.ALWAYS
    if _PRINTED.fullmatch(said):
        return _When.NEVER
    asked = _ASKED.fullmatch(said)
    return _When[asked[1].upper()] if asked else _When.SOMETIMES


@functools.lru_cache(maxsize=1)  # several rules ask in turn, for one letter
def cascade(root: Element) -> Cascade:
    """The cascade of a letter.

    What classic Outlook alone reads is a comment to the parser, and so is left out. Rules that
    cannot be read are dropped, as mail programs do.

    Args:
        root: ``<html>``.
    """
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    names = {name for one in elements for name in (one.get("class") or "").split()}
    names |= {name for one in elements for name in (one.tag, *one.attrib)}
    applied: dict[Element, list[_Rules]] = {}
    sometimes: dict[Element, set[str]] = {}
    is_dark = False
    found: dict[Selector, list[Element]] = {}  # light and dark sheets have the same selectors
    for order, sheet in enumerate(_sheets(root)):
        for selector in selectors(sheet.selector):
            rules: _Rules | None = None
            # Most rules of a newsletter are about what this letter does not have.
            if selector not in found:
                found[selector] = selector.find(root) if selector.names <= names else []
            for element in found[selector]:
                is_dark = is_dark or sheet.when is _When.DARK
                if sheet.when is _When.SOMETIMES:
                    sometimes.setdefault(element, set()).update(one[1] for one in sheet.declared)
                    continue
                if rules is None:
                    rules = _of_sheet(sheet, order, selector.specificity)
                applied.setdefault(element, []).append(rules)
    for element in elements:
        if written := element.get("style"):
            applied.setdefault(element, []).append(_of_attribute(written))
    # Hundreds of elements have the same few rules, which give them the same values.
    known: dict[tuple[int, ...], dict[Scheme, Mapping[str, str]]] = {}
    values: dict[Scheme, dict[Element, Mapping[str, str]]] = {scheme: {} for scheme in Scheme}
    for element, lists in applied.items():
        key = tuple(map(id, lists))
        if key not in known:
            ordered = sorted(itertools.chain(*lists), key=lambda rule: rule[:4])
            known[key] = {scheme: _values(ordered, scheme) for scheme in Scheme}
        for scheme, won in known[key].items():
            values[scheme][element] = won
    return Cascade(
        values,
        {element: frozenset(properties) for element, properties in sometimes.items()},
        is_dark,
    )


class _Sheet(NamedTuple):
    """A style rule of a style sheet."""

    selector: str
    when: _When
    declared: tuple[_Declared, ...]


def _sheets(root: Element) -> Iterator[_Sheet]:
    for style in root.iter("style"):
        media = _condition(f"@media {style.get('media') or 'all'}")
        for block in css.blocks(style.text or ""):
            declared = _tracked(block.declarations)
            when = functools.reduce(_both, map(_condition, block.conditions), media)
            if declared and block.selector and when is not _When.NEVER:
                yield _Sheet(block.selector, when, declared)


_Declared = tuple[bool, str, str]
"""Whether it is important, the property, the value."""


def _tracked(declarations: Iterable[css.Declaration]) -> tuple[_Declared, ...]:
    return tuple(
        (one.important, name, value)
        for one in declarations
        if one.property in TRACKED and one.value
        for name, value in longhands(one)
    )


_Rules = tuple[_Rule, ...]


def _of_sheet(sheet: _Sheet, order: int, specificity: tuple[int, int, int]) -> _Rules:
    scheme = _SCHEMES[sheet.when]
    return tuple(
        _Rule(important, False, specificity, order, name, value, scheme)  # noqa: FBT003
        for important, name, value in sheet.declared
    )


@functools.lru_cache(maxsize=4096)  # a letter repeats the same few styles hundreds of times
def _of_attribute(style: str) -> _Rules:
    return tuple(
        _Rule(important, True, (0, 0, 0), 0, name, value, None)  # noqa: FBT003
        for important, name, value in _tracked(css.declarations(style))
    )


def _values(rules: Iterable[_Rule], scheme: Scheme) -> Mapping[str, str]:
    return {rule.property: rule.value for rule in rules if rule.scheme in (None, scheme)}


def _both(one: _When, other: _When) -> _When:
    if one is other or other is _When.ALWAYS:
        return one
    if one is _When.ALWAYS:
        return other
    either = {one, other}
    if _When.SOMETIMES in either and _When.NEVER not in either:
        return _When.SOMETIMES
    return _When.NEVER
