"""What a letter weighs on its way, and where Gmail would cut it off."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from newsletter.lint.rules.html_size import LIMIT
from newsletter.preview.appearances.markup import Tag, attributes_of, tags
from newsletter.preview.mail import Mail
from newsletter.render.quoted_printable import LINE, encode


@dataclass(frozen=True, slots=True)
class Weight:
    """The weight of an HTML part.

    Attributes:
        bytes: As it travels, transfer encoding included: what the rule html-size (S01) measures,
            for this reader instead of a typical one.
        limit: From how many bytes on Gmail cuts it off.
        left: Bytes that are left; negative if it is too heavy.
        clipped_at: The number, from 0, of the first element in ``<body>`` that begins behind the
            cut, as ``document.body.getElementsByTagName("*")`` counts; None if there is none.
        paragraphs_left: How many more paragraphs there is room for, if they are like those that it
            has; None if it has no paragraphs.
        pictures: How many it shows.
        links: How many lead out of it.
    """

    bytes: int
    limit: int
    left: int
    clipped_at: int | None
    paragraphs_left: int | None
    pictures: int
    links: int


def weigh(mail: Mail) -> Weight:
    """The weight of a message's HTML part."""
    html = mail.html
    found = tags(html)
    left = LIMIT - mail.weight
    paragraph = _paragraph(html, found)
    return Weight(
        bytes=mail.weight,
        limit=LIMIT,
        left=left,
        clipped_at=_element_at(found, _characters(html, LIMIT)) if left <= 0 else None,
        paragraphs_left=max(int(left / paragraph), 0) if paragraph else None,
        pictures=sum(tag.name == "img" and not tag.is_end for tag in found),
        links=sum(_leads_out(html, tag) for tag in found),
    )


def _characters(html: str, size: int) -> int:
    """How many characters of a text are within so many bytes of its quoted-printable form."""
    # What is left of an escape at the cut is no character.
    within = re.sub(rb"=[0-9A-F]?\r?\Z", b"", encode(html[:size])[:size])
    text = binascii.a2b_qp(within).decode("utf-8", "ignore")
    return len(text.replace("\r\n", "\n"))


def _paragraph(html: str, found: tuple[Tag, ...]) -> float:
    """Bytes of the average paragraph as it travels, its tags included; 0 if there is none.

    A caption or a date is no paragraph, unless a letter has nothing else.
    """
    short: list[float] = []
    usual: list[float] = []
    opened = None
    for tag in found:
        if tag.name == "p":
            if tag.is_end and opened is not None:
                kind = usual if tag.start - opened.end >= _RUNNING else short
                kind.append(_transferred(html[opened.start : tag.end]))
            opened = None if tag.is_end else tag
    sizes = usual or short
    return sum(sizes) / len(sizes) if sizes else 0.0


_RUNNING = 120  # characters of running text, at least: a line and a half


_PLAIN = bytes(
    octet for octet in range(9, 127) if octet in (9, 10, 32) or (octet > 32 and octet != 61)
)


def _transferred(text: str) -> float:
    octets = text.encode("utf-8", "replace")
    escaped = len(octets.translate(None, _PLAIN))
    size = len(octets) + 2 * escaped
    return size + 3 * size / LINE  # the line breaks that the encoding adds


def _leads_out(html: str, tag: Tag) -> bool:
    if tag.name != "a" or tag.is_end:
        return False
    href = next(
        (
            one.value.strip()
            for one in attributes_of(html[slice(*tag.attributes)])
            if one.name == "href"
        ),
        "",
    )
    return bool(href) and not href.startswith("#")


_HEAD = frozenset({"base", "head", "html", "link", "meta", "noscript", "script", "style", "title"})
_ROWS = frozenset({"tbody", "tfoot", "thead"})
_CELLS = frozenset({"td", "th"})


def _element_at(found: tuple[Tag, ...], place: int) -> int | None:
    """The number of the first element in ``<body>`` whose tag begins at a place or behind it."""
    count = 0
    is_in_body = False
    tables: list[str] = []  # of each open table, what stands open in it
    for tag in found:
        if not is_in_body:
            is_in_body = tag.name == "body" or tag.name not in _HEAD
            if not is_in_body or tag.name == "body":
                continue
        if tag.is_end:
            _close(tag.name, tables)
        elif tag.name not in ("body", "html", "head"):
            # Parsers add the <tbody> and <tr> that nobody wrote.
            added = _open(tag.name, tables)
            if tag.start >= place:
                return count
            count += added + 1
    return None


def _open(name: str, tables: list[str]) -> int:
    """Note that an element opens; how many others open around it by themselves."""
    if name == "table":
        tables.append("table")
        return 0
    if not tables:
        return 0
    around, added = tables[-1], 0
    if around == "columns" and name != "col":
        around = "table"  # ends the columns, whose end tag may be left out
    if name in _ROWS:
        tables[-1] = "rows"
    elif name == "tr":
        added = around == "table"
        tables[-1] = "row"
    elif name in _CELLS:
        added = {"table": 2, "rows": 1}.get(around, 0)
        tables[-1] = "row"
    elif name == "col":
        added = around != "columns"
        tables[-1] = "columns"
    elif name == "colgroup":
        tables[-1] = "columns"
    return added


def _close(name: str, tables: list[str]) -> None:
    if not tables:
        return
    if name == "table":
        tables.pop()
    elif name in _ROWS or name == "colgroup":
        tables[-1] = "table"
    elif name == "tr":
        tables[-1] = "rows"
