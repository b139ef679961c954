"""CSS into ``style`` attributes. The only file that knows premailer.

Only the style sheets that a template marks with ``inline="inline"`` are put into attributes. The
others stay in ``<style>`` and never pass through premailer, which drops what it does not know:
``[data-ogsc]``, ``u + .body``, ``@supports``, ``@font-face`` (premailer 3.10.0).
"""

from __future__ import annotations

import contextlib
import functools
import logging
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from lxml.etree import Element
    from premailer import Premailer

_OPTIONS: dict[str, Any] = {
    "keep_style_tags": True,
    "remove_classes": False,
    "strip_important": False,
    # It would copy these from CSS to attributes, and so change the width of pictures in Outlook.
    "disable_basic_attributes": ["align", "bgcolor", "height", "valign", "width"],
    "disable_validation": True,
    "allow_network": False,
    "cache_css_parsing": True,
    "align_floating_images": False,
    "cssutils_logging_level": logging.CRITICAL,
}


def inline(root: Element, css: str) -> None:
    """Write a style sheet into the ``style`` attributes of a tree, which keeps its elements.

    A declaration that an element already has wins over the style sheet. The sheet also stays
    in ``<head>`` for what no attribute can say (``a:hover``, ``@media``).

    Args:
        root: A whole HTML document.
        css: The style sheet; broken rules are left out, and nothing is fetched for an ``@import``.
    """
    for style in root.iter("style"):
        style.set("data-premailer", "ignore")
    _premailer()(root, css_text=css, **_OPTIONS).transform()
    for style in root.iter("style"):
        style.attrib.pop("data-premailer", None)  # stays where the style sheet names a medium


@functools.cache
def _premailer() -> type[Premailer]:
    """Premailer, imported (100 ms) when the first letter is rendered."""
    # It brings two HTTP clients (130 ms). Neither is used: premailer is told to fetch nothing, and
    # cssutils, which would fetch what a style sheet imports, is given nothing to do it with.
    with _without("requests"), _without("urllib.request"):
        import cssutils
        import cssutils.helper
        import cssutils.util
        from premailer import Premailer

    cssutils.util._defaultFetcher = lambda _: None
    cssutils.helper.path2url = lambda path: f"file:{quote(path)}"  # was of urllib.request
    # premailer 3.10.0 has every existing attribute validated, whatever it is told. That compiles
    # some 300 regular expressions, 0.2 s in a new process, for messages that nobody reads.
    cssutils.profile.removeProfile(all=True)

    class Remembering(Premailer):
        """Reads a style sheet once (5 ms): those of a newsletter stay the same for years."""

        _parse_style_rules = staticmethod(
            functools.lru_cache(maxsize=16)(Premailer(None, **_OPTIONS)._parse_style_rules)
        )

    return Remembering


@contextlib.contextmanager
def _without(module: str) -> Iterator[None]:
    """An empty module in the place of one that is not there yet, so that nothing imports it."""
    is_ours = module not in sys.modules
    if is_ours:
        sys.modules[module] = ModuleType(module)
    try:
        yield
    finally:
        if is_ours:
            del sys.modules[module]
