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
        names: The classes and attributes without which it finds nothing.
    """

    find: XPath
    specificity: tuple[int, int, int]
    names: frozenset[str]


_NAME = re.compile(r"\.(-?[_a-zA-Z][\w-]*)|\[\s*([\w-]+)")
_TRANSLATOR = cssselect.HTMLTranslator()


@functools.lru_cache(maxsize=256)  # the style sheets of a newsletter stay the same for years
def selectors(listed: str) -> tuple[Selector, ...]:
    """The selectors before a brace; none if one of them is not known, as in mail programs.

    Args:
        listed: What stands before the brace: ``.page a[href], h1``.
    """
    from lxml.etree import XPath

    try:
        parsed = [one for one in cssselect.parse(listed) if not one.pseudo_element]
        paths = [XPath(_TRANSLATOR.selector_to_xpath(one)) for one in parsed]
    except (cssselect.SelectorError, SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(
        Selector(path, one.specificity(), _names(one.canonical()))
        for path, one in zip(paths, parsed, strict=True)
    )


def _names(selector: str) -> frozenset[str]:
    if "(" in selector or "\\" in selector:  # ":not(.wide)" needs no such class
        return frozenset()
    return frozenset(one or other for one, other in _NAME.findall(selector))
