"""A picture that watches who opens the letter.

What: a remote picture of one pixel, or one that is hidden from readers; the address of one by which
mail services count opens (errors); a remote picture whose address has something in it that looks
like a reader's number or mail address (warning).

Why: when a mail program fetches the picture, its server learns who reads the letter, when, and
where. Readers are not watched; in some places, being seen to read is a danger.

Source: RFC 3986 allows no other reason for them; Apple's Mail Privacy Protection and Gmail's image
proxy exist because of them; French CNIL, recommendation on tracking pixels in mail (2025).

Bad::

    html: <img src="https://example.com/open.gif" width="1" height="1" alt="">

Good::

    html: <img src="https://example.com/ferry.jpg" width="536" height="300" alt="A ferry at dusk">
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from newsletter.findings import Severity
from newsletter.lint.caniemail.features import images
from newsletter.lint.cascade import Scheme, cascade
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import is_hidden_for_good

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "V01"
GROUP = Group.PRIVACY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

SMALL = 2
"""Pixels; nobody sees a picture that is no wider and no higher."""

_REMOTE = re.compile(r"(?i)\s*(?:https?:)?//")
_COUNTS = re.compile(
    r"/(?:wf/open|track/open(?:\.php)?|trk/open|open\.(?:php|aspx?|gif)|pixel\.(?:gif|php)"
    r"|beacon\.(?:gif|php)|(?:1x1|o|t)\.gif|e/o/[\w=-]{20,}|collect)(?:[?/]|$)",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"(?:u|user|reader|subscriber|sub|recipient|contact|member|person|mc_e|customer)[_-]?(?:u?id)"
    r"|e?mail(?:[_-]?(?:id|address|hash))?|uid|subscriber|recipient|open(?:id)?|pixel",
    re.IGNORECASE,
)
_A_NUMBER = re.compile(r"[\w.+%@=-]*[\d@][\w.+%@=-]*")


def check(context: Context) -> Iterator[Problem]:
    """At most one problem for each picture."""
    document = context.document
    for element in document.root.iter():
        for attribute, address in images(element) if isinstance(element.tag, str) else ():
            if not _REMOTE.match(address):
                continue
            where, offset = document.place(element, attribute) or ((), None)
            if what := _watches(document.root, element, attribute, address):
                hint = "Take it out: readers are not watched."
                yield Problem(what, hint, where, offset)
            elif named := _names_a_reader(address):
                yield Problem(
                    f"the picture's address has \"{named}\" in it, which may be a reader's",
                    "Give all readers the same picture: take out what follows the question mark.",
                    where,
                    offset,
                    Severity.WARNING,
                )


def _watches(root: Element, element: Element, attribute: str, address: str) -> str:
    """How a picture watches readers; empty if it does not."""
    is_picture = element.tag == "img" and attribute == "src"
    css = cascade(root).values[Scheme.LIGHT].get(element, {})
    if is_picture and _is_pixel(element, css):
        return "a remote picture of one pixel tells who opens the letter"
    if _COUNTS.search(_path(address)):
        return "this address counts who opens the letter"
    if is_picture and is_hidden_for_good(root, element):
        return "a hidden remote picture tells who opens the letter"
    return ""


def _is_pixel(image: Element, css: Mapping[str, str]) -> bool:
    sides = [_pixels(css.get(name) or image.get(name)) for name in ("width", "height")]
    known = [side for side in sides if side is not None]
    return bool(known) and max(known) <= SMALL


def _pixels(value: str | None) -> float | None:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*", value or "")
    return float(found[1]) if found else None


def _path(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.path}?" if parts.query else parts.path


def _names_a_reader(address: str) -> str:
    """The parameter of an address that looks like a reader's number; empty if there is none."""
    try:
        parameters = parse_qsl(urlsplit(address).query)
    except ValueError:
        return ""
    for name, value in parameters:
        is_number = len(value) >= 4 and _A_NUMBER.fullmatch(value)
        if (_WHO.fullmatch(name) and is_number) or re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", value):
            return f"{name}={value}"
    return ""
