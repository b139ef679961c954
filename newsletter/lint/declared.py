"""CSS shorthands taken apart into the properties that rules look at."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from newsletter.lint.caniemail.css import Declaration

_LONGHANDS = frozenset(
    {"color", "background-color", "background-image", "font-size", "font-weight", "line-height"}
    | {"display", "visibility", "opacity", "position", "overflow", "border-bottom"}
    | {"height", "max-height", "width", "max-width", "text-decoration-line"}
)

TRACKED = _LONGHANDS | {"background", "border", "font", "text-decoration", "overflow-y"}
"""The properties that ``longhands`` knows; all others are of no concern to it."""

_SIZE = re.compile(
    r"(?:^|\s)([\d.]+(?:px|pt|em|rem|%)|(?:xx?-)?small|medium|(?:xx?-)?large|smaller|larger)"
    r"(?:\s*/\s*([\d.]+(?:px|pt|em|rem|%)?|normal))?(?=\s)"
)
_WEIGHT = re.compile(r"\b(bold|bolder|lighter|[1-9]00)\b")
_PICTURE = re.compile(r"(?:url|image|gradient|image-set)\(")
_NO_LINE = re.compile(r"(?:^|\s)(?:none|hidden|0(?:px|pt)?)(?:\s|$)")
_DECORATED = re.compile(r"\b(?:underline|none|inherit)\b")


def longhands(declaration: Declaration) -> tuple[tuple[str, str], ...]:
    """The longhand properties that a declaration sets: ``(property, value)`` in lower case.

    ``background-image`` becomes ``picture`` or ``none``, ``border-bottom`` becomes ``line`` or
    ``none``, and ``text-decoration-line`` becomes ``underline``, ``none`` or ``inherit``.
    """
    return _longhands(declaration.property, declaration.value.lower())


@functools.lru_cache(maxsize=1024)
def _longhands(name: str, value: str) -> tuple[tuple[str, str], ...]:
    return tuple(_apart(name, value))


def _apart(name: str, value: str) -> Iterator[tuple[str, str]]:
    match name:
        case "background":
            picture = _PICTURE.search(value)
            yield "background-image", "picture" if picture else "none"
            yield "background-color", _colour_in(value)
        case "background-image":
            yield name, "none" if value == "none" else "picture"
        case "border" | "border-bottom":
            yield "border-bottom", "none" if _NO_LINE.search(value) else "line"
        case "font":
            if size := _SIZE.search(value):
                weight = _WEIGHT.search(value, 0, size.start() + 1)
                yield "font-size", size[1]
                yield "line-height", size[2] or "normal"
                yield "font-weight", weight[1] if weight else "normal"
        case "text-decoration" | "text-decoration-line":
            said = _DECORATED.search(value)
            yield "text-decoration-line", said[0] if said else "none"
        case "overflow-y":
            yield "overflow", value
        case _:
            yield name, value


def _colour_in(value: str) -> str:
    from tinycss2.color3 import parse_color

    if value in ("inherit", "initial", "unset"):
        return value if value == "inherit" else "transparent"
    outside = re.sub(r"url\([^)]*\)", " ", value)
    for part in re.findall(r"[\w-]+\([^()]*\)|[^\s,/]+", outside):
        if parse_color(part) is not None:
            return str(part)
    # What is not known may be a colour: "var(--ground)".
    return "transparent" if not re.search(r"\w\(", outside) or "gradient(" in outside else "unknown"
