"""A photograph that does not say who took it.

What: a picture of a story, or one that stands by itself, without ``credit``. Decoration
(``alt: ""``) and the logos of advertisements need none.

Why: whoever made a picture has a right to be named, and agencies send bills; on deadline it is the
field that is forgotten.

Source: Berne Convention, article 6bis; the style books of most newsrooms.

Bad::

    sections:
      - headline: Ferry
        body: It sails again.
        image: {src: https://example.com/ferry.jpg, alt: A ferry, caption: The ferry on Friday}

Good::

    sections:
      - headline: Ferry
        body: It sails again.
        image: {src: https://example.com/ferry.jpg, alt: A ferry, credit: "Photo: Ada Sample"}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.model import Sponsor
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import images

ID = "I05"
GROUP = Group.IMAGES
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

# A caption may name the maker itself: "The ferry on Friday. Photo: Ada Sample".
_NAMED = re.compile(
    r"(?i)\b(?:photos?|pictures?|images?|illustrations?|graphics?|drawing|courtesy|foto|bild|grafik|"
    r"fot\.|zdjęcie|фото|фота|малюнок|ілюстрація|иллюстрация|рисунок|crédits?|صورة|תמונה|צילום)"
    r"\s*(?::|/|by\b|von\b|par\b|de\b|courtesy\b)|©|\(c\)"
)


def check(context: Context) -> Iterator[Problem]:
    """A problem for each picture that needs a credit and has none."""
    for where, image in images(context.issue):
        section = context.issue.sections[where[1]] if isinstance(where[1], int) else None
        if isinstance(section, Sponsor) or not image.alt.strip() or image.credit:
            continue
        if image.caption and _NAMED.search(image.caption):
            continue
        yield Problem(
            "the picture does not say who made it",
            'Add "credit:", such as credit: "Photo: Ada Sample".',
            where,
        )
