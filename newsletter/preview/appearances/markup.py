"""Changes in the source of a letter that leave every other byte as it was.

No tree is built and written again: that would mend, reorder and respell what nobody asked for.
"""

from __future__ import annotations

import functools
import html as entities
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

# A quotation mark opens a value only behind "="; nothing is tried twice, however broken a tag is.
_ATTRIBUTES = r"""(?>[^>=]*+(?:=\s*+(?:"[^"]*+"|'[^']*+'|(?!["']))[^>=]*+)*+)"""
# As HTML's tokenizer sees it (WHATWG HTML 13.2.5): what is for Outlook alone is a comment; what
# hides from Outlook (<!--[if !mso]><!-->) is two comments around elements; a tag that does not end
# takes all that follows with it.
_TOKEN = re.compile(
    rf"""
    <!--(?:-?>|.*?(?:--!?>|\Z))
    |<(?P<raw>style|script|title|textarea|xmp|iframe|noembed|noframes)(?=[\s/>])
      (?P<raw_attributes>{_ATTRIBUTES})>(?P<text>.*?)(?=</(?P=raw)[\s/>]|\Z)
    |<(?P<name>[a-z][^\s/>]*+)(?P<attributes>{_ATTRIBUTES})>
    |</(?P<closed>[a-z][^\s/>]*+)[^>]*+>
    |<[!?/][^>]*+>
    |<[a-z!?/].*\Z
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""", re.IGNORECASE
)


class Tag(NamedTuple):
    """A tag of an element.

    Attributes:
        name: In lower case.
        is_end: It ends the element.
        start: Where its ``<`` is.
        attributes: Where its attributes are: start and end.
        end: Behind its ``>``.
        text: Of an element that cannot hold others (``<style>``), where its text is.
    """

    name: str
    is_end: bool
    start: int
    attributes: tuple[int, int]
    end: int
    text: tuple[int, int]


class Attribute(NamedTuple):
    """An attribute of a tag.

    Attributes:
        name: In lower case.
        value: With entities resolved; empty if it has none.
        start: Where the value is written, its quotation marks included.
        end: Behind it.
    """

    name: str
    value: str
    start: int
    end: int


class Edit(NamedTuple):
    """What to write instead of a stretch of the source."""

    start: int
    end: int
    text: str


@functools.lru_cache(maxsize=4)  # every view of a letter asks
def tags(html: str) -> tuple[Tag, ...]:
    """The tags of a letter in order, without those in comments."""
    return tuple(_tags(html))


def _tags(html: str) -> Iterator[Tag]:
    for match in _TOKEN.finditer(html):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "attributes":
            name = match["name"].lower()
            yield Tag(name, False, start, match.span("attributes"), end, (end, end))  # noqa: FBT003
        elif kind == "closed":
            yield Tag(match["closed"].lower(), True, start, (end, end), end, (end, end))  # noqa: FBT003
        elif kind == "text":
            name, text = match["raw"].lower(), match.span("text")
            yield Tag(name, False, start, match.span("raw_attributes"), text[0], text)  # noqa: FBT003


def attributes_of(source: str) -> Iterator[Attribute]:
    """The attributes of a tag.

    Args:
        source: What is written between the tag's name and its ``>``.
    """
    for match in _ATTRIBUTE.finditer(source):
        value = match[2] or ""
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        start, end = match.span(2) if match[2] else (match.end(), match.end())
        yield Attribute(match[1].lower(), entities.unescape(value), start, end)


def written(value: str) -> str:
    """A value of an attribute, with its quotation marks."""
    return '"' + value.replace("&", "&amp;").replace('"', "&quot;") + '"'


def edited(html: str, edits: Iterable[Edit]) -> str:
    """A source with some stretches changed; they do not overlap."""
    pieces, done = [], 0
    for edit in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [html[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, html[done:]])


def rewritten(html: str, sheet: Callable[[str], str], attributes: Callable[[str, str], str]) -> str:
    """A letter with other style sheets and other attributes.

    Args:
        html: The letter.
        sheet: Gets the text of a ``<style>``, gives what to write instead.
        attributes: Gets the name of an element and the source of its attributes, likewise.
    """
    edits = []
    for tag in tags(html):
        if tag.name == "style" and not tag.is_end:
            start, end = tag.text
            edits.append(Edit(start, end, sheet(html[start:end])))
        start, end = tag.attributes
        if start < end:
            edits.append(Edit(start, end, attributes(tag.name, html[start:end])))
    return edited(html, edits)


def with_head(html: str, elements: str) -> str:
    """A letter with more elements at the beginning of its ``<head>``."""
    place = 0
    for tag in _tags(html):
        if tag.name not in ("html", "head") or tag.is_end:
            break
        place = tag.end
    if not place and (doctype := re.match(r"\s*<!doctype[^>]*>", html, re.IGNORECASE)):
        place = doctype.end()
    return edited(html, [Edit(place, place, elements)])
