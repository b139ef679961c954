"""The HTML of a letter as rules read it: a tree, with the manuscript's place of each element."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.render.galley import PLACE
from newsletter.render.merge import Merged
from newsletter.render.place import Place
from newsletter.render.tree import parse

if TYPE_CHECKING:
    from lxml.etree import Element

# The attributes that say what an element is, if its text has no place.
_TELLING = ("src", "href", "alt", "id")
_NOT_READ = frozenset({"head", "script", "style", "template"})
# Elements that stand in a line; the words of all others stand apart from what is around them.
_IN_LINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd"}
    | {"mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"}
)


class Document:
    """A letter's HTML, parsed once for all rules. Rules must not change the tree.

    Merge fields stand in it as editors type them, ``{{ name }}``, in text and in attributes; a
    link that ends the subscription is ``href="{{ unsubscribe_url }}"``. Places are not in the
    tree: ask ``place``.

    Attributes:
        root: ``<html>``. A piece of HTML is mended as browsers do it: into ``<html><body>``.
    """

    root: Element

    def __init__(self, root: Element, annotated: Callable[[], Element] | None = None) -> None:
        self.root = root
        # As long as something holds them, lxml gives the same objects again.
        self._elements = tuple(root.iter())
        self._annotated = annotated
        self._own_places = dict(_taken_out(self._elements))
        self._texts: dict[Element, str] = {}

    @classmethod
    def of(cls, source: str) -> Document:
        """The document that HTML means; ``data-place`` attributes in it are its places."""
        return cls(parse(source))

    @classmethod
    def read(cls, source: Merged, annotated: Callable[[], Merged] | None = None) -> Document:
        """The document of ``Edition.html``.

        Args:
            source: The HTML.
            annotated: Gives the same with places in it; asked when a place is.
        """
        root = parse(_typed(source))
        return cls(root, (lambda: parse(_typed(annotated()))) if annotated else None)

    @cached_property
    def _places(self) -> dict[tuple[Element, str | None], Place]:
        if self._annotated is None:
            return self._own_places
        twins = tuple(self._annotated().iter())
        of = dict(zip(twins, self._elements, strict=True))
        return {(of[twin], name): place for (twin, name), place in _taken_out(twins)}

    def place(self, element: Element, attribute: str | None = None) -> Place | None:
        """Where in the manuscript an element comes from: ``(where, offset)``, to be reported.

        The place of the attribute, if one is asked for and its value comes from the manuscript.
        Else that of the element's own text, or of its ``src``, ``href``, ``alt`` or ``id``; else of
        the first element inside it that has one; else of the nearest before it in the same section
        of the letter (the same child of its outermost element). None if there is none: the
        template alone made it.
        """
        asked = self._places.get((element, attribute)) if attribute else None
        return asked or self._inside(element) or self._before(element)

    def text(self, element: Element) -> str:
        """What a reader reads in an element, in one line; blocks and line breaks are a space.

        Comments, style sheets and what pictures show are left out. Computed once an element.
        """
        return " ".join(self._words(element).split())

    def _words(self, element: Element) -> str:
        if element not in self._texts:
            parts = [element.text or ""]
            for inner in element:
                parts += [self._words(inner), inner.tail or ""]
            apart = "" if element.tag in _IN_LINE else " "
            is_read = isinstance(element.tag, str) and element.tag not in _NOT_READ
            self._texts[element] = f"{apart}{''.join(parts)}{apart}" if is_read else ""
        return self._texts[element]

    def _own(self, element: Element) -> Place | None:
        names = (None, *_TELLING)
        found = (self._places.get((element, name)) for name in names)
        return next((place for place in found if place), None)

    def _inside(self, element: Element) -> Place | None:
        found = (self._own(inner) for inner in element.iter())
        return next((place for place in found if place), None)

    def _before(self, element: Element) -> Place | None:
        # Around it, from the inside: … section, letter, <body>, <html>.
        around = list(element.iterancestors())[:-3]
        nearest = None
        for other in around[-1].iter() if around else ():
            if other is element:
                break
            nearest = self._own(other) or nearest
        return nearest


def _typed(source: Merged) -> str:
    """HTML with its merge fields as editors type them."""
    return "".join(
        part if isinstance(part, str) else html.escape(f"{{{{ {part.field} }}}}")
        for part in source.parts
    )


def _taken_out(elements: Sequence[Element]) -> Iterator[tuple[tuple[Element, str | None], Place]]:
    """The places written in a tree, which are taken out of it."""
    for element in elements:
        for name in [name for name in element.attrib if name.startswith(PLACE)]:
            attribute = name.removeprefix(PLACE).removeprefix("-") or None
            yield (element, attribute), Place.parse(element.attrib.pop(name))
