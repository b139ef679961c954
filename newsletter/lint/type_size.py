"""Font sizes and line heights as CSS and browsers set them (CSS Fonts 4, 2.5; CSS 2.2, 10.8)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import Element

_HEADINGS = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67}
_USUAL_SIZES = {**_HEADINGS, "small": 5 / 6, "sub": 5 / 6, "sup": 5 / 6} | dict.fromkeys(
    ("code", "kbd", "pre", "samp", "tt"), 13 / 16
)
_KEYWORDS = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
}
_FONT_SIZES = (10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0)
"""Of ``<font size="1">`` to ``7`` (HTML, 15.3.1)."""

_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(px|pt|em|rem|%)?")


def font_size(element: Element, value: str | None, before: float | None) -> float | None:
    """The size of an element's text in pixels; None if it cannot be said.

    Args:
        element: The element.
        value: What CSS says for it, in lower case; None for nothing.
        before: The size of the text around it.
    """
    if value is None:
        said = element.get("size") if element.tag == "font" else None
        if said and said.isdecimal() and 1 <= int(said) <= len(_FONT_SIZES):
            return _FONT_SIZES[int(said) - 1]
        return before and before * _USUAL_SIZES.get(element.tag, 1)
    if value in _KEYWORDS:
        return _KEYWORDS[value]
    if value in ("inherit", "unset", "smaller", "larger"):
        return before and before * {"smaller": 5 / 6, "larger": 1.2}.get(value, 1)
    length = _LENGTH.fullmatch(value)
    return _pixels(length, before) if length else None


def _pixels(length: re.Match[str], before: float | None) -> float | None:
    number = float(length[1])
    match length[2]:
        case "px":
            return number
        case "pt":
            return number * 4 / 3
        case "rem":
            return number * 16
        case "em":
            return before and before * number
        case "%":
            return before and before * number / 100
        case _:
            return 0 if number == 0 else None


class Leading(NamedTuple):
    """How far apart the lines of a text are; both None if it cannot be said.

    Attributes:
        times: In multiples of the text's size.
        pixels: In pixels, if it was said so: then text of another size inside it has the same.
    """

    times: float | None = None
    pixels: float | None = None


def line_height(value: str | None, size: float | None, before: Leading) -> Leading:
    """How far apart the lines of an element's text are.

    Args:
        value: Its ``line-height``, in lower case; None for nothing.
        size: Its size in pixels.
        before: The same of the text around it.
    """
    if value is None or value in ("inherit", "unset"):
        if before.pixels is None:
            return before
        return Leading(before.pixels / size if size else None, before.pixels)
    length = _LENGTH.fullmatch(value)
    if length is None or not size:
        return Leading()
    if length[2] is None:
        return Leading(float(length[1]))
    pixels = _pixels(length, size)
    return Leading() if pixels is None else Leading(pixels / size, pixels)
