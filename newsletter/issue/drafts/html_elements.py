"""What single elements of HTML say about themselves, in attributes and inline style."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.issue.drafts.emphasis import Mark

if TYPE_CHECKING:
    from lxml.etree import Element

LEVEL = "data-list-level"
"""Attribute of a list that says how deep it is nested, where the tags do not."""

_MARKS = {
    **dict.fromkeys(("b", "strong"), Mark.STRONG),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), Mark.EM),
    **dict.fromkeys(("s", "strike", "del"), Mark.STRIKE),
}
_DECLARATION = re.compile(
    r"(?i)(?:^|;)\s*(font-weight|font-style|text-decoration(?:-line)?|vertical-align)\s*:"
    r"\s*([^;]+)"
)
_BOLD = re.compile(r"(?i)\s*(?:bold(?:er)?|[6-9]\d\d|1000)\b")
_SCRIPTS = {"super": "sup", "sub": "sub"}
_SMALLEST = 32  # pixels; smaller pictures with a description are signs in the text: emoji, icons


def heading_level(element: Element) -> int:
    """1 to 6 for a headline, else 0."""
    tag = element.tag
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else 0


def look(element: Element, marks: int, script: str) -> tuple[int, str]:
    """The emphasis inside an element, and whether it is raised (``sup``) or lowered (``sub``).

    Args:
        element: The element; its tag and its inline style count.
        marks: The emphasis around it.
        script: What is around it.
    """
    tag = element.tag
    marks |= _MARKS.get(tag, Mark.NONE)
    if tag in {"sup", "sub"}:
        script = tag
    for name, value in _DECLARATION.findall(element.get("style") or ""):
        says = value.strip().lower()
        match name.lower():
            case "font-weight":
                marks = marks | Mark.STRONG if _BOLD.match(says) else marks & ~Mark.STRONG
            case "font-style":
                is_slanted = says.startswith(("italic", "oblique"))
                marks = marks | Mark.EM if is_slanted else marks & ~Mark.EM
            case "vertical-align":
                script = _SCRIPTS.get(says, script if says == "inherit" else "")
            case _ if "line-through" in says:
                marks |= Mark.STRIKE
    return marks, script


def list_level(element: Element, depth: int) -> int:
    """How deep the items of a list are nested, from 1; ``depth`` lists are around it."""
    return number(element.get(LEVEL), depth + 1)


def number(text: str | None, default: int) -> int:
    """The whole number that an attribute says."""
    said = (text or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else default


def source(image: Element) -> str:
    """The address of a picture, also of one that a script would load later."""
    at_once = (image.get("src") or "").strip()
    later = (image.get("data-src") or image.get("data-original") or "").strip()
    if later and (not at_once or at_once.startswith("data:")):
        return later
    if at_once:
        return at_once
    candidates = (image.get("srcset") or image.get("data-srcset") or "").split()
    return candidates[0].rstrip(",") if candidates else ""


def is_sign(image: Element) -> bool:
    """Whether a picture stands for a character in the text."""
    if "emoji" in (image.get("class") or "").lower():
        return True
    sizes = [number((image.get(name) or "").removesuffix("px"), 0) for name in ("width", "height")]
    return 0 < max(sizes) <= _SMALLEST
