"""Footnotes of HTML stand at its end; here each is put where it is referred to.

A story takes its notes along that way, wherever it goes.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.issue.drafts.html_blocks import NOTE
from newsletter.issue.drafts.sanitise import remove

if TYPE_CHECKING:
    from lxml.etree import Element

_SIGN = re.compile(r"\W*(?:\d{1,3}|[ivxlc]{1,6}|[*†‡§↑↩])\W*|\W*")
_HOLDERS = {"p", "li", "div", "dd", "aside", "span", "sup"}
_MOST = 500  # notes of one draft; each costs a look around


def gather(root: Element) -> None:
    """Put footnotes where they are referred to: ``[1]`` becomes an element of tag ``NOTE``.

    A reference is a link of a mere sign to a place in the page from which a link leads back.
    """
    named = {
        name: element
        for element in root.iter()
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None)
        if name
    }
    taken: set[Element] = set()
    notes = 0
    for link in list(root.iter("a")):
        href = link.get("href") or ""
        target = named.get(href[1:]) if href.startswith("#") else None
        if target is None or not _SIGN.fullmatch("".join(link.itertext())):
            continue
        note = _note(link, target)
        back = _back(link, note)
        if back is None or back is note or note in taken or link in taken or _holds(note, link):
            continue
        notes += 1
        if notes > _MOST:
            return
        taken |= set(note.iter())
        remove(back)
        _put(link, note)


def _note(link: Element, target: Element) -> Element:
    """The outermost element that holds one note and nothing else."""
    note = target
    parent = note.getparent()
    while (
        parent is not None
        and (note.tag not in {"li", "div"})
        and parent.tag in _HOLDERS
        and not _holds(parent, link)
        and not _has_two_places(parent)
    ):
        note, parent = parent, parent.getparent()
    return note


def _has_two_places(element: Element) -> bool:
    links = (a for a in element.iter("a") if (a.get("href") or "").startswith("#"))
    return len(list(islice(links, 2))) == 2


def _back(link: Element, note: Element) -> Element | None:
    """The link in a note that leads back to its reference."""
    here = {link.get("id"), link.get("name")} - {None, ""}
    outer = link.getparent()
    if outer is not None:
        here |= {outer.get("id")} - {None}
    for back in note.iter("a"):
        href = back.get("href") or ""
        if href.startswith("#") and href[1:] in here:
            return back
    return None


def _holds(outer: Element, inner: Element) -> bool:
    return outer is inner or any(element is outer for element in inner.iterancestors())


def _put(link: Element, note: Element) -> None:
    """Move the note into the place of its reference."""
    remove(note)
    link.tag = NOTE
    link.text = None
    for name in list(link.attrib):
        del link.attrib[name]
    for child in list(link):
        link.remove(child)
    note.tag = "div"
    link.append(note)
