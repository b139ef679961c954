"""CSS selectors → the elements that they find, by way of XPath."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

import cssselect

if TYPE_CHECKING:
    from lxml.etree import XPath


class Selector(NamedTuple):
    """One selector of a list.

    Attributes:
        find: Gives its elements.
        specificity: How specific it is (Selectors 4, section 17).
        names: The elements, classes and attributes without which it finds nothing.
    """

    find: XPath
    specificity: tuple[int, int, int]
    names: frozenset[str]


_ELEMENT = re.compile(r"(?:^|[\s>+~])([a-z][a-z0-9-]*)", re.IGNORECASE)
_NAME = re.compile(r"\.(-?[_a-zA-Z][\w-]*)|\[\s*([\w-]+)")
_TRANSLATOR = cssselect.HTMLTranslator()


@functools.lru_cache(maxsize=256)  # the style sheets of a newsletter stay the same for years
def selectors(listed: str) -> tuple[Selector, ...]:
    """The selectors before a brace; none if one of them is not known, as in mail programs.

    Args:
        listed: What stands before the brace: ``.page a[href], h1``.
    """
    try:
        parsed = [one for one in cssselect.parse(listed) if not one.pseudo_element]
        paths = [_path(_TRANSLATOR.selector_to_xpath(one)) for one in parsed]
    except (cssselect.SelectorError, SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(
        Selector(path, one.specificity(), _names(one.canonical()))
        for path, one in zip(paths, parsed, strict=True)
    )


@functools.lru_cache(maxsize=512)
def _path(path: str) -> XPath:
    """The same object for the same path, so that equal selectors are equal."""
    from lxml.etree import XPath

    return XPath(path)


def _names(selector: str) -> frozenset[str]:
    # ":not(.wide)" needs no such class, and "svg|a" no such element.
    if any(sign in selector for sign in "(\\|"):
        return frozenset()
    elements = _ELEMENT.findall(re.sub(r"\[[^]]*\]", "", selector).lower())
    return frozenset([*elements, *(one or other for one, other in _NAME.findall(selector))])
