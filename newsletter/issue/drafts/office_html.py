"""HTML that Word saves ("Web Page", "Web Page, Filtered"), made plain HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.drafts.comments import comment_dropped
from newsletter.issue.drafts.html_blocks import TITLE
from newsletter.issue.drafts.html_elements import LEVEL
from newsletter.issue.drafts.sanitise import remove

if TYPE_CHECKING:
    from lxml.etree import Element

_CLASS = re.compile(r"\bMso[A-Z]\w+")
_IN_LIST = re.compile(r"(?i)\bmso-list\s*:\s*l\d+\s+level(\d)")
_IGNORED = re.compile(r"(?i)\bmso-list\s*:\s*Ignore")
_PADDING = re.compile(r"(?i)\bfont\s*:\s*7\.0?pt")  # between a bullet and its text
_MARGIN = re.compile(r"(?i)\bmargin-left\s*:\s*(-?\d*\.?\d+)(pt|in|cm)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35}
_STEP = 36.0  # points that Word indents each level of a list, by default
_NUMBER = re.compile(r"\(?(\d{1,4})[.)]?")
_LONGEST = 6  # characters of a sign: "(viii)"
_COMMENT = re.compile(r"(?i)mso-element\s*:\s*comment(?!-)\b")
_EDGES = re.compile(r"(?i)mso-element\s*:\s*(?:header|footer)\b")


def is_export(root: Element) -> bool:
    """Whether Word wrote a page, or a piece was copied from there."""
    return any(
        _CLASS.search(element.get("class") or "") or element.tag == "o:p" for element in root.iter()
    )


def prepare(root: Element) -> list[Remark]:
    """Make plain HTML of an export: lists of paragraphs become lists, quotes become quotes.

    Args:
        root: The tree, which is changed.

    Returns:
        A remark for each comment.
    """
    remarks: list[Remark] = []
    gone: set[Element] = set()
    for element in list(root.iter()):
        if element in gone:
            continue
        style, name = element.get("style") or "", element.get("class") or ""
        if _COMMENT.search(style) or name == "MsoCommentText":
            gone |= set(element.iter())
            remarks += _comment(element)
        elif _EDGES.search(style) or "MsoCommentReference" in name:
            remove(element)
        elif element.tag == "p":
            _paragraph(element, name, style)
    return remarks


def _comment(element: Element) -> list[Remark]:
    said = " ".join("".join(element.itertext()).split())
    remove(element)
    return [comment_dropped(said, element.sourceline or 1)] if said else []


def _paragraph(element: Element, name: str, style: str) -> None:
    if name.startswith("MsoTitle"):
        element.set("class", TITLE)
    elif "Quote" in name or name.startswith("MsoBlockText"):
        _wrap(element, "blockquote")
    else:
        in_list = _IN_LIST.search(style)
        sign = _taken_sign(element)
        if in_list or sign:
            level = int(in_list[1]) if in_list else _level(style)
            _make_item(element, level, sign)


def _taken_sign(element: Element) -> str:
    """Take the bullet or number that is typed before the text of an item away; what it was."""
    for part in element.iter("span"):
        style = part.get("style") or ""
        if _IGNORED.search(style):
            said = "".join(part.itertext()).strip()
            remove(part)
            return said or "·"
        if _PADDING.search(style) and not "".join(part.itertext()).strip():
            return _taken_before(element, part)
    return ""


def _taken_before(element: Element, padding: Element) -> str:
    holder = padding.getparent()
    if holder is None or holder is element:
        said, element.text = element.text or "", None
        remove(padding)
        return said.strip()
    said = "".join(holder.itertext()).strip()
    if len(said) > _LONGEST:
        return ""
    remove(holder)
    return said


def _level(style: str) -> int:
    """How deep an item is nested, by its indentation."""
    found = _MARGIN.search(style)
    points = float(found[1]) * _POINTS[found[2].lower()] if found else 0.0
    return max(1, min(9, round(points / _STEP)))


def _make_item(element: Element, level: int, sign: str) -> None:
    number = _NUMBER.fullmatch(sign)
    around = _wrap(element, "ol" if number else "ul")
    around.set(LEVEL, str(level))
    element.tag = "li"
    if number:
        element.set("value", number[1])


def _wrap(element: Element, tag: str) -> Element:
    """Put a new element around one."""
    outer = element.getparent()
    around = element.makeelement(tag)
    around.tail, element.tail = element.tail, None
    if outer is not None:
        outer.replace(element, around)
    around.append(element)
    return around
