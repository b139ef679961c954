"""Which of caniemail's features a letter uses, and where."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsletter.lint.caniemail import css, naming

if TYPE_CHECKING:
    from lxml.etree import Element

# <!--[if !mso]><!--> … <!--<![endif]-->: what stands between is not read by classic Outlook.
_NOT_OUTLOOK = re.compile(r"\[if\s+!\s*\(?mso")
_ONLY_OUTLOOK = re.compile(r"\[if[^\]]*\bmso\b")
_VML = re.compile(r"</?v:")

_DATA_IMAGE = re.compile(r"data:image/([a-z0-9.+-]+)(;base64)?", re.IGNORECASE)
_ENDING = re.compile(r"\.([a-z0-9]{2,4})(?:[?#].*)?$", re.IGNORECASE | re.DOTALL)

# What a table or VML in front of an element, read by classic Outlook only, makes up for.
_GHOSTED = frozenset({"css-float", "css-max-width"})
_DRAWN = frozenset(
    {"css-background-image", "css-border-radius", "css-linear-gradient", "html-background"}
)


@dataclass(frozen=True, slots=True)
class Use:
    """One feature under the same circumstances.

    Attributes:
        slug: caniemail's name of it.
        elements: Where it is used, in the order of the letter; for a style sheet its ``<style>``.
        needs: Other features without which a mail program does not come to it: ``html-style`` for
            what stands in a style sheet, ``css-at-media`` for what stands in ``@media``.
        outlook: Whether classic Outlook for Windows reads it and has nothing else in its place.
    """

    slug: str
    elements: tuple[Element, ...]
    needs: frozenset[str]
    outlook: bool


class Seen(NamedTuple):
    """An element, and what classic Outlook for Windows makes of it.

    Attributes:
        element: The element.
        outlook: Whether it reads it at all.
        ghost: Whether it finds a table of its own in front (MJML: "ghost table").
        drawn: Whether it draws the background in VML.
    """

    element: Element
    outlook: bool
    ghost: bool
    drawn: bool


@functools.lru_cache(maxsize=1)  # several rules ask in turn, for one letter
def features(root: Element) -> tuple[Use, ...]:
    """Every feature that a letter uses; those of one name in the order of the letter.

    Args:
        root: ``<html>``, parsed with its comments.
    """
    found: dict[tuple[str, frozenset[str], bool], list[Element]] = {}
    for seen in visible(root):
        for slug, needs in _of(seen.element):
            outlook = (
                seen.outlook
                and not (seen.ghost and slug in _GHOSTED)
                and not (seen.drawn and slug in _DRAWN)
            )
            places = found.setdefault((slug, needs, outlook), [])
            if not places or places[-1] is not seen.element:
                places.append(seen.element)
    return tuple(
        Use(slug, tuple(elements), needs, outlook)
        for (slug, needs, outlook), elements in found.items()
    )


def visible(root: Element) -> Iterator[Seen]:
    """Every element of a letter.

    What only classic Outlook reads is a comment to the parser, and so is left out.
    """
    outlook, ghost, drawn = True, False, False
    for node in root.iter():
        if isinstance(node.tag, str):
            yield Seen(node, outlook, ghost, drawn)
            ghost = False
            continue
        comment = (node.text or "").lower()
        if _NOT_OUTLOOK.search(comment):
            outlook = False
        elif _ONLY_OUTLOOK.search(comment):
            ghost = "<t" in comment
            if _VML.search(comment):
                drawn = comment.rfind("<v:") > comment.rfind("</v:")
        elif "<![endif]" in comment:
            outlook = True


def images(element: Element) -> Iterator[tuple[str, str]]:
    """The pictures that an element shows itself: ``(attribute, address)``."""
    for name in ("src", "background", "poster"):
        if (name != "src" or element.tag in ("img", "source", "input")) and element.get(name):
            yield name, (element.get(name) or "").strip()
    for candidate in (element.get("srcset") or "").split(","):
        if candidate.strip():
            yield "srcset", candidate.split()[0]
    if style := element.get("style"):
        for declaration in css.declarations(style):
            yield from (("style", url) for url in declaration.urls)


def image_formats(address: str) -> Iterator[str]:
    """The features of a picture's address: its format, and ``image-base64`` for ``data:``."""
    data = _DATA_IMAGE.match(address)
    ending = data or _ENDING.search(address)
    slug = naming.image(ending[1].lower()) if ending else None
    if slug:
        yield slug
    if data and data[2]:
        yield "image-base64"


_NOTHING: frozenset[str] = frozenset()
_STYLE = frozenset({"html-style"})


def _of(element: Element) -> Iterator[tuple[str, frozenset[str]]]:
    for slug in _markup(element):
        yield slug, _NOTHING
    style = element.get("style")
    for declaration in css.declarations(style) if style else ():
        for slug in declaration.slugs:
            yield slug, _NOTHING
    if element.tag == "style":
        for block in css.blocks(element.text or ""):
            for slug in block.slugs:
                yield slug, _STYLE | block.inside
            for declaration in block.declarations:
                for slug in declaration.slugs:
                    yield slug, _STYLE | block.inside
                for url in declaration.urls:
                    for slug in image_formats(url):
                        yield slug, _STYLE | block.inside


def _markup(element: Element) -> Iterator[str]:
    kind = (element.get("type") or "").lower()
    slug = naming.element(element.tag, kind)
    if slug:
        yield slug
    for name, value in element.attrib.items():
        slug = naming.attribute(name)
        if slug:
            yield slug
        if name == "href" and element.tag in ("a", "area"):
            if value.startswith("#") and len(value) > 1:
                yield "html-anchor-links"
            elif value.lower().startswith("mailto:"):
                yield "html-mailto-links"
    if element.tag == "meta" and (element.get("name") or "").lower() == "color-scheme":
        yield "html-meta-color-scheme"
    for _, address in images(element):
        yield from image_formats(address)
