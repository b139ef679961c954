"""A link that says nothing to those who do not see it.

What: a link without words in it, unless a picture in it has an alternative text.

Why: a screen reader reads the address instead, letter by letter, or says "link" and no more.

Source: Email Markup Consortium, Accessibility Report 2025: 72% of letters, serious; WCAG 2.2,
2.4.4 and 4.1.2.

Bad::

    html: <a href="https://example.com/ferry"><img src="https://example.com/f.jpg" alt=""></a>

Good::

    html: <a href="https://example.com/f"><img src="https://example.com/f.jpg" alt="A ferry"></a>
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.document import Document
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import styles

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "A05"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such link, at the link."""
    document = context.document
    looks = styles(document.root)
    for link in document.root.iter("a", "area"):
        address = (link.get("href") or "").strip()
        if not address or looks[link].is_hidden or _has_name(document, link):
            continue
        pictures = any(True for _ in link.iter("img"))
        yield Problem(
            f"the link to {_short(address)} has {'a picture' if pictures else 'nothing'} in it, "
            "and no words",
            "Say in the alternative text of the picture where the link leads."
            if pictures
            else "Write the words to click on, or take the link out.",
            *(document.place(link, "href") or ()),
        )


def _has_name(document: Document, link: Element) -> bool:
    said = [link.get("aria-label"), link.get("title"), document.text(link)]
    if link.tag == "area":
        said.append(link.get("alt"))
    for inner in link.iter():
        if isinstance(inner.tag, str) and inner is not link:
            said += [inner.get("aria-label"), inner.get("alt") if inner.tag == "img" else None]
    return bool(link.get("aria-labelledby")) or any(map(_is_shown, filter(None, said)))


def _is_shown(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


def _short(address: str) -> str:
    return address if len(address) <= 60 else f"{address[:59]}…"
