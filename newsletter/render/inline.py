"""CSS into ``style`` attributes. The only file that knows premailer.

Only the style sheets that a template marks with ``inline="inline"`` are put into attributes. The
others stay in ``<style>`` and never pass through premailer, which drops what it does not know:
``[data-ogsc]``, ``u + .body``, ``@supports``, ``@font-face`` (premailer 3.10.0).
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import Element
    from premailer import Premailer

# premailer would copy these from CSS to attributes, and so change the width of pictures in Outlook.
_NO_ATTRIBUTES = ["align", "bgcolor", "height", "valign", "width"]


def inline(root: Element, css: str) -> None:
    """Write a style sheet into the ``style`` attributes of a tree, which keeps its elements.

    A declaration that an element already has wins over the style sheet. The sheet also stays
    in ``<head>`` for what no attribute can say (``a:hover``, ``@media``).

    Args:
        root: A whole HTML document.
        css: The style sheet; broken rules are left out.
    """
    # Imported here: 230 ms, and only rendering needs it.
    import logging

    import cssutils

    # premailer 3.10.0 has every existing attribute validated, whatever it is told. That compiles
    # some 300 regular expressions, 0.2 s in a new process, for messages that nobody reads.
    cssutils.profile.removeProfile(all=True)

    for style in root.iter("style"):
        style.set("data-premailer", "ignore")
    _premailer()(
        root,
        css_text=css,
        keep_style_tags=True,
        remove_classes=False,
        strip_important=False,
        disable_basic_attributes=_NO_ATTRIBUTES,
        disable_validation=True,
        allow_network=False,
        cache_css_parsing=True,
        align_floating_images=False,
        cssutils_logging_level=logging.CRITICAL,
    ).transform()
    for style in root.iter("style"):
        style.attrib.pop("data-premailer", None)  # stays where the style sheet names a medium


def _premailer() -> type[Premailer]:
    """Premailer, imported without the HTTP client that it brings (90 ms of every start).

    It fetches style sheets with it, which is switched off here (``allow_network=False``).
    """
    is_ours = "requests" not in sys.modules
    if is_ours:
        sys.modules["requests"] = ModuleType("requests")
    try:
        from premailer import Premailer
    finally:
        if is_ours:
            del sys.modules["requests"]
    return Premailer
