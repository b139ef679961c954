"""Text that is too pale for what is behind it.

What: text whose contrast is less than 4.5:1, or than 3:1 for text of 18 pixels and more and for
bold text of 14 pixels and more, in the colours that readers see by day and in the dark ones of
``@media (prefers-color-scheme: dark)``. Text is left out whose colours are not sure: on pictures
and gradients, half transparent, or left to the mail program.

Why: one reader in twelve sees badly, and everybody does in the sun. Dark colours are rarely looked
at: a colour that was only thought of for white paper vanishes on black.

Source: WCAG 2.2, 1.4.3 (the formula); Email Markup Consortium, Accessibility Report 2025: 59% of
letters.

Bad::

    html: <p style="color:#999999;background-color:#ffffff">The ferry is back.</p>

Good::

    html: <p style="color:#595959;background-color:#ffffff">The ferry is back.</p>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.cascade import Scheme, cascade
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import Style, styles, visible_text
from newsletter.render.colour import READABLE, contrast

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "A07"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

LARGE, LARGE_BOLD = 18, 14
"""Pixels."""
READABLE_IF_LARGE = 3.0
"""Least contrast of large text, level AA."""


def check(context: Context) -> Iterator[Problem]:
    """A problem for each pair of colours, at the first text that has them."""
    document = context.document
    is_dark = cascade(document.root).is_dark
    for scheme in Scheme if is_dark else (Scheme.LIGHT,):
        for (colour, ground), places in _faint(document.root, scheme).items():
            first, needed = places[0]
            where = f", in {len(places)} places" if len(places) > 1 else ""
            when = "for readers who chose dark colours, " if scheme is Scheme.DARK else ""
            ratio = int(contrast(colour, ground) * 10) / 10  # never rounded up to what is needed
            yield Problem(
                f"{when}text in {colour} on {ground} has a contrast of {ratio:.1f}:1{where}; it "
                f"needs {needed:g}:1",
                "In the template, make the text darker or the ground lighter."
                if scheme is Scheme.LIGHT
                else "In the template, give it a colour of its own in the dark style sheet.",
                *(document.place(first) or ()),
            )


def _faint(root: Element, scheme: Scheme) -> dict[tuple[str, str], list[tuple[Element, float]]]:
    looks = styles(root, scheme)
    found: dict[tuple[str, str], list[tuple[Element, float]]] = {}
    for element, text in visible_text(root, scheme):
        look = looks[element]
        if look.colour is None or look.ground is None or look.size is None:
            continue
        needed = _needed(look)
        # Text of no size is a matter of its own; a bar between two links is no text.
        if look.size < 2 or contrast(look.colour, look.ground) >= needed:
            continue
        if any(character.isalnum() for character in text):
            found.setdefault((look.colour, look.ground), []).append((element, needed))
    return found


def _needed(look: Style) -> float:
    size = (look.size or 0) + 0.01  # 13.5pt is 18 pixels, but for rounding
    is_large = size >= LARGE or (look.is_bold and size >= LARGE_BOLD)
    return READABLE_IF_LARGE if is_large else READABLE
