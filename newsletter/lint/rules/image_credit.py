"""A photograph that does not say who took it.

What: a picture of a story, or one that stands by itself, without ``credit``; one inside a text
without a line like "Photo: Ada Sample" below it. Decoration (``alt: ""``) and the logos of
advertisements need none.

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
from newsletter.issue.manuscript import Where
from newsletter.issue.markdown import pictures
from newsletter.issue.model import Sponsor
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import images, texts

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

# "pictures/ferry.jpg" names nobody.
_ADDRESS = re.compile(r"(?<=\]\()\s*(?:<[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))+)|https?://\S+")
_NEAR = 2_000  # characters
_BLANK_LINE = re.compile(r"\n[ \t>]*\n[ \t>]*")


def check(context: Context) -> Iterator[Problem]:
    """A problem for each picture that needs a credit and has none."""
    for where, image in images(context.issue):
        if _is_in_sponsor(context, where) or not image.alt.strip() or image.credit:
            continue
        if image.caption and _NAMED.search(image.caption):
            continue
        yield Problem(
            "the picture does not say who made it",
            'Add "credit:", such as credit: "Photo: Ada Sample".',
            where,
        )
    for text in texts(context.issue):
        if not text.markdown or "![" not in text.value or _is_in_sponsor(context, text.where):
            continue
        for picture in pictures(text.value):
            if picture.alt.strip() and not _NAMED.search(_below(text.value, picture.offset)):
                yield Problem(
                    "the picture does not say who made it",
                    'Say it in a line below the picture, such as "Photo: Ada Sample".',
                    text.where,
                    picture.offset,
                )


def _is_in_sponsor(context: Context, where: Where) -> bool:
    if where[:1] != ("sections",) or not isinstance(where[1], int):
        return False
    return isinstance(context.issue.sections[where[1]], Sponsor)


def _below(markdown: str, at: int) -> str:
    """A picture's title, and what stands below it: one paragraph that is no picture."""
    address = max(markdown.find("](", at, at + _NEAR), at)
    paragraphs = _BLANK_LINE.split(markdown[address : address + _NEAR])
    words = next((i for i, p in enumerate(paragraphs) if i and not p.startswith("![")), 0)
    return _ADDRESS.sub("", "\n".join(paragraphs[: words + 1]))
