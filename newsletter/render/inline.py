"""CSS into ``style`` attributes. The only file that knows premailer.

Only the style sheets that a template marks with ``inline="inline"`` are put into attributes. The
others stay in ``<style>`` and never pass through premailer, which drops what it does not know:
``[data-ogsc]``, ``u + .body``, ``@supports``, ``@font-face`` (premailer 3.10.0).
"""

from __future__ import annotations

DOCTYPE = "<!doctype html>"

# premailer would copy these from CSS to attributes, and so change the width of pictures in Outlook.
_NO_ATTRIBUTES = ["align", "bgcolor", "height", "valign", "width"]


def inline(document: str, css: str) -> str:
    """The document with a style sheet written into its ``style`` attributes.

    A declaration that an element already has wins over the style sheet. The sheet also stays
    in ``<head>`` for what no attribute can say (``a:hover``, ``@media``).

    Args:
        document: A whole HTML document.
        css: The style sheet; broken rules are left out.

    Returns:
        The document, with ``<!doctype html>`` at its top. Without that line browsers and webmail
        fall into quirks mode; premailer knows it in upper case only.
    """
    # Imported here: 320 ms, and only rendering needs it.
    import logging

    import cssutils
    from lxml import etree
    from premailer import Premailer

    # premailer 3.10.0 has every existing attribute validated, whatever it is told. That compiles
    # some 300 regular expressions, 0.2 s in a new process, for messages that nobody reads.
    cssutils.profile.removeProfile(all=True)

    tree = etree.fromstring(document, etree.HTMLParser(encoding="utf-8")).getroottree()
    root = tree.getroot()
    for style in root.iter("style"):
        style.set("data-premailer", "ignore")
    Premailer(
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
    written: str = etree.tostring(
        root, method="html", encoding="unicode", doctype=DOCTYPE, with_tail=False
    )
    return written + "\n"
