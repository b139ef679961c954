"""How the text of a letter looks: colour, ground, size, as far as its CSS says so for sure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from newsletter.lint.cascade import Scheme, cascade
from newsletter.lint.ground import blended
from newsletter.lint.type_size import Leading, font_size, line_height

if TYPE_CHECKING:
    from lxml.etree import Element


class Style(NamedTuple):
    """What one element looks like; None where the letter leaves it to the mail program.

    Attributes:
        colour: Of its text, ``#rrggbb``.
        ground: What is behind its text, ``#rrggbb``.
        size: Of its text, in pixels.
        leading: How far apart its lines are.
        is_bold: Whether its text is bold.
        is_underlined: Whether its text is underlined.
        has_line: Whether it draws a line below itself.
        is_hidden: Whether nobody sees it.
        display: ``inline``, ``block`` and so on; empty if nothing is declared.
    """

    colour: str | None
    ground: str | None
    size: float | None
    leading: Leading
    is_bold: bool
    is_underlined: bool
    has_line: bool
    is_hidden: bool
    display: str


_LIGHT = Style("#000000", "#ffffff", 16, Leading(), False, False, False, False, "")  # noqa: FBT003
_DARK = _LIGHT._replace(colour=None, ground=None)  # each program has its own

NOT_READ = frozenset({"head", "title", "style", "script", "template", "noscript"})
"""Elements whose text nobody sees."""

_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNDERLINED = frozenset({"u", "ins"})
_NOTHING: Mapping[str, str] = {}
_TELLING = ("background", "bgcolor", "color", "hidden", "href", "size", "text")
"""The attributes that, besides ``style``, say how an element looks."""


def styles(root: Element, scheme: Scheme = Scheme.LIGHT) -> Mapping[Element, Style]:
    """The look of every element of a letter.

    What browsers do by themselves is known for sizes and weights, and for black on white in the
    light; the colour of a link that declares none is not.

    Args:
        root: ``<html>``.
        scheme: What the reader asked for.
    """
    return _styles(root, scheme)


@functools.lru_cache(maxsize=2)  # light and dark of one letter; several rules ask in turn
def _styles(root: Element, scheme: Scheme) -> Mapping[Element, Style]:
    declared = cascade(root).values[scheme]
    usual = _DARK if scheme is Scheme.DARK else _LIGHT
    found: dict[Element, Style] = {}
    # Most elements look like others that stand in the like: a letter has few looks. What is
    # compared by its ``id`` is kept by ``found`` and ``declared``.
    known: dict[tuple[object, ...], Style] = {}
    for element in root.iter():
        if isinstance(element.tag, str):
            parent = element.getparent()
            before = usual if parent is None else found.get(parent, usual)
            css = declared.get(element, _NOTHING)
            own = [element.get(name) for name in _TELLING] if element.attrib else ()
            key = (element.tag, id(before), id(css), *own)
            if key not in known:
                known[key] = _style(element, css, before)
            found[element] = known[key]
    return found


def visible_text(root: Element, scheme: Scheme = Scheme.LIGHT) -> Iterator[tuple[Element, str]]:
    """Each piece of text that readers see, with the element that it stands in, in order."""
    for element, look in styles(root, scheme).items():
        if element.text and not look.is_hidden:
            yield element, element.text
        # What follows an element belongs to the one around it.
        for inner in element:
            if inner.tail and not look.is_hidden and inner.tail.strip():
                yield element, inner.tail


def is_hidden_for_good(root: Element, element: Element) -> bool:
    """Whether an element is hidden in the light and in the dark, at any width of the window."""
    always = all(styles(root, scheme)[element].is_hidden for scheme in Scheme)
    return always and not is_changeable(root, element)


def is_changeable(root: Element, element: Element) -> bool:
    """Whether an element may be larger, or shown at all, under some condition (a wide window)."""
    sometimes = cascade(root).sometimes
    chain = (element, *element.iterancestors())
    return any(_SHOWING & sometimes.get(one, frozenset()) for one in chain)


_SHOWING = frozenset(
    {"display", "visibility", "opacity", "font-size", "height", "max-height", "width", "max-width"}
)


def _style(element: Element, css: Mapping[str, str], before: Style) -> Style:
    tag = element.tag
    size = font_size(element, css.get("font-size"), before.size)
    ground = _ground(element, css, before)
    return Style(
        colour=_colour(element, css, before, ground),
        ground=ground,
        size=size,
        leading=line_height(css.get("line-height"), size, before.leading),
        is_bold=_is_bold(css.get("font-weight"), tag in _BOLD or before.is_bold, before),
        is_underlined=_is_underlined(element, css.get("text-decoration-line"), before),
        has_line=css.get("border-bottom") == "line",
        is_hidden=_is_hidden(element, css, before),
        display=css.get("display", ""),
    )


def _colour(
    element: Element, css: Mapping[str, str], before: Style, ground: str | None
) -> str | None:
    value = css.get("color")
    if _opacity(css) < 1:
        return None  # shines through, and so does all in it
    if value is None and element.tag == "font":
        value = element.get("color")
    if value is None and element.tag == "body":
        value = element.get("text")
    if value is None:
        return None if element.tag == "a" and element.get("href") else before.colour
    if value in ("inherit", "currentcolor", "unset"):
        return before.colour
    return blended(value, ground)


def _ground(element: Element, css: Mapping[str, str], before: Style) -> str | None:
    if css.get("position") in ("absolute", "fixed") or _opacity(css) < 1:
        return None
    if css.get("background-image", "none") != "none" or element.get("background"):
        return None
    value = css.get("background-color") or element.get("bgcolor")
    if value is None or value in ("transparent", "initial", "unset"):
        return before.ground
    return blended(value, before.ground)


def _opacity(css: Mapping[str, str]) -> float:
    try:
        return float(css.get("opacity", 1))
    except ValueError:  # a percentage, or not valid
        return 1


def _is_bold(value: str | None, usual: bool, before: Style) -> bool:  # noqa: FBT001
    match value:
        case None:
            return usual
        case "inherit" | "unset":
            return before.is_bold
        case _:
            return value in ("bold", "bolder") or (value.isdecimal() and int(value) >= 700)


def _is_underlined(element: Element, value: str | None, before: Style) -> bool:
    if value is None:
        is_link = element.tag == "a" and element.get("href") is not None
        own = is_link or element.tag in _UNDERLINED
    else:
        own = value == "underline"
    # A line of what is around it goes on, but not into a box of its own.
    return own or (before.is_underlined and "inline-" not in (value or ""))


def _is_hidden(element: Element, css: Mapping[str, str], before: Style) -> bool:
    if element.tag in NOT_READ or element.get("hidden") is not None:
        return True
    if css.get("display") == "none" or _opacity(css) < 0.05:
        return True
    if css.get("visibility") in ("hidden", "collapse"):
        return True
    if css.get("overflow") == "hidden" and any(
        _is_zero(css.get(name)) for name in ("height", "max-height", "width", "max-width")
    ):
        return True
    return before.is_hidden and css.get("visibility") != "visible"


def _is_zero(value: str | None) -> bool:
    return bool(value and re.fullmatch(r"0+(?:\.0+)?(?:px|pt|em|%)?", value))
