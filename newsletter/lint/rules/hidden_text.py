"""Text that readers do not see.

What: words in elements that are hidden in the light and in the dark, at any width, and words of
less than 4 pixels; but for the preheader before the letter.

Why: filters hold hidden words against a letter, since spam fills itself up with them; and people
who listen to it may hear what nobody was meant to.

Source: SpamAssassin, rules HTML_FONT_LOW_CONTRAST and HTML_TINY_FONT and the like.

Bad::

    html: <p>The ferry is back.</p><div style="display:none">cheap tickets, best ferry</div>

Good::

    html: <div style="display:none">Also a library</div><p>The ferry is back.</p>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.lead import lead
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import NOT_READ, is_changeable, is_hidden_for_good, styles
from newsletter.lint.text import has_words

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "P03"
GROUP = Group.SPAM
SEVERITY = Severity.INFO
TARGET = Target.EDITION

TINY = 4
"""Pixels."""


def check(context: Context) -> Iterator[Problem]:
    """A problem for each outermost element of this kind."""
    document = context.document
    root = document.root
    looks = styles(root)
    done: set[Element] = set(lead(root))
    for element, look in looks.items():
        if element.getparent() in done:
            done.add(element)
        if element in done or element.tag in NOT_READ:
            continue
        if look.is_hidden:
            if not is_hidden_for_good(root, element):
                continue
            what = "hidden"
        elif _is_tiny(look.size, element) and not is_changeable(root, element):
            what = "too small to be seen"
        else:
            continue
        done.add(element)
        words = document.text(element)
        if has_words(words):
            said = words if len(words) <= 40 else f"{words[:39]}…"
            yield Problem(
                f'"{said}" is {what}',
                "If nobody needs it, take it out of the template: filters look for such words.",
                *(document.place(element) or ()),
            )


def _is_tiny(size: float | None, element: Element) -> bool:
    own = (element.text, *(inner.tail for inner in element))
    return size is not None and size < TINY and any(has_words(text) for text in own if text)
