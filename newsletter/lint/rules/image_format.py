"""A picture in a format that a reader's mail program does not show.

What: the address of a picture (``src``, ``srcset``, ``background``, ``url()``) that ends like a
format which one of the project's mail programs does not know, or a picture written into the HTML
(``data:``).

Why: readers see an empty frame. WebP and AVIF are not shown by classic Outlook, SVG and ``data:``
not by Gmail.

Source: caniemail, the features image-…, for the ending of the address: checking uses no network.

Bad::

    html: <img src="https://example.com/ferry.webp" alt="The ferry" width="600">

Good::

    html: <img src="https://example.com/ferry.jpg" alt="The ferry" width="600">
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail.features import image_formats, images
from newsletter.lint.caniemail.judgement import OWN_RULES
from newsletter.lint.caniemail.lacks import lacks
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C02"
GROUP = Group.CLIENTS
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_HINT = "Use a JPEG, PNG or GIF, with an address or as a file of the project."


def check(context: Context) -> Iterator[Problem]:
    """One problem for each format, at the first picture that has it."""
    document = context.document
    found = lacks(document.root, context.options.clients)
    for slug in OWN_RULES["image-format"]:
        lack = found.get(slug)
        if lack and lack.missing:
            element = lack.elements[0]
            attribute = next(
                (name for name, address in images(element) if slug in image_formats(address)), None
            )
            what = "pictures inside the HTML" if slug == "image-base64" else _format(slug)
            yield Problem(
                f"{what} are not shown by {lack.where}",
                _HINT,
                *(document.place(element, attribute) or ()),
            )


def _format(slug: str) -> str:
    return f"{slug.removeprefix('image-').upper()} pictures"
