"""HTML that Google Docs exports: its classes, lists, redirects and comments made plain HTML."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.drafts.comments import comment_dropped
from newsletter.issue.drafts.html_blocks import TITLE
from newsletter.issue.drafts.html_elements import LEVEL
from newsletter.issue.drafts.sanitise import remove

if TYPE_CHECKING:
    from lxml.etree import Element

_RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
_LIST = re.compile(r"\blst-kix_[\w.]+-(\d)\b")
_COMMENT = re.compile(r"#cmnt\d+")
_BACK = re.compile(r"#cmnt_ref\d+")
_LARGEST = 1_000_000  # characters of a style sheet; Google's have 10,000


def is_export(root: Element) -> bool:
    """Whether Google Docs wrote a page, or a piece was copied from there."""
    return any(
        _LIST.search(element.get("class") or "")
        or "doc-content" in (element.get("class") or "").split()
        or (element.get("id") or "").startswith(("docs-internal-guid", "cmnt"))
        or (element.tag == "a" and _redirect(element.get("href") or "") is not None)
        for element in root.iter()
    )


def styles(root: Element) -> dict[str, str]:
    """What each class of a page's style sheets means, as the text of a ``style`` attribute.

    Read them before ``sanitise.clean``, which takes style sheets away.
    """
    found: dict[str, str] = {}
    for sheet in root.iter("style"):
        for name, declarations in _RULE.findall((sheet.text or "")[:_LARGEST]):
            found[name] = f"{found.get(name, '')};{declarations}"
    return found


def prepare(root: Element, sheet: dict[str, str]) -> list[Remark]:
    """Make plain HTML of an export.

    Classes become inline style, lists say how deep they are, links lead where they led before
    the redirect, and comments go.

    Args:
        root: The tree, which is changed.
        sheet: What ``styles`` found.

    Returns:
        A remark for each comment.
    """
    remarks = _without_comments(root)
    for element in root.iter():
        classes = (element.get("class") or "").split()
        look = ";".join(sheet[name] for name in classes if name in sheet)
        if look:
            element.set("style", f"{look};{element.get('style') or ''}")
        if element.tag == "p" and "title" in classes:
            element.set("class", TITLE)
        if found := _LIST.search(element.get("class") or ""):
            element.set(LEVEL, str(int(found[1]) + 1))
        address = _redirect(element.get("href") or "") if element.tag == "a" else None
        if address is not None:
            element.set("href", address)
    return remarks


def _redirect(href: str) -> str | None:
    """Where Google's redirect leads; None if it is none."""
    try:
        address = urlsplit(href)
    except ValueError:
        return None
    if address.hostname not in {"www.google.com", "google.com"} or address.path != "/url":
        return None
    said = parse_qs(address.query)
    return next((said[name][0] for name in ("q", "url") if name in said), None)


def _without_comments(root: Element) -> list[Remark]:
    lines: dict[str, int] = {}
    remarks = []
    for link in list(root.iter("a")):
        href = link.get("href") or ""
        if _COMMENT.fullmatch(href):
            lines[href[1:]] = link.sourceline or 1
            outer = link.getparent()
            remove(outer if outer is not None and outer.tag == "sup" else link)
        elif _BACK.fullmatch(href):
            holder = _holder(link)
            remove(link)
            parts = list(holder.iter("p")) or [holder]
            said = " ".join(" ".join("".join(part.itertext()) for part in parts).split())
            remarks.append(comment_dropped(said, lines.get(link.get("id") or "", 1)))
            remove(holder)
    return remarks


def _holder(link: Element) -> Element:
    """The box of a comment: the outermost element with nothing but this comment."""
    holder = link
    for outer in link.iterancestors():
        backs = (a for a in outer.iter("a") if _BACK.fullmatch(a.get("href") or ""))
        if outer.tag not in {"p", "div", "span"} or len(list(islice(backs, 2))) == 2:
            break
        holder = outer
        if outer.tag == "div":
            break
    return holder
