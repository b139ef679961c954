"""Running text that is too small, or too tight.

What: paragraphs of a hundred characters and more in type of less than 14 pixels, or with lines
less than 1.5 times the size of the type apart, give or take a part of a pixel (type of 22 pixels
and more may be tighter).

Why: half of all letters are read on a telephone, at arm's length. Lines that stand close are hard
to follow for everybody, and most of all for people who read slowly.

Source: WCAG 2.2, 1.4.12 (lines 1.5 apart must be possible); Apple and Google advise 14 pixels and
more for text in mail.

Bad::

    html: |
      <p style="font-size:11px; line-height:1.2">The night ferry sails again from Friday, and the
      council, which had wanted to stop it for the winter, is content with the compromise.</p>

Good::

    html: |
      <p style="font-size:16px; line-height:1.5">The night ferry sails again from Friday, and the
      council, which had wanted to stop it for the winter, is content with the compromise.</p>
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import Style, styles, visible_text

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "A14"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.WARNING
TARGET = Target.EDITION

SMALLEST = 14
"""Pixels."""
TIGHTEST = 1.5
"""Times the size of the type."""
RUNNING = 100
"""Characters from which on a block is running text, not a label."""
LARGE = 22
"""Pixels from which on lines may stand closer."""

_BLOCKS = frozenset({"blockquote", "body", "center", "dd", "div", "li", "p", "td"})
_IN_LINE = frozenset(
    {"a", "abbr", "b", "cite", "del", "em", "font", "i", "ins", "mark", "q", "s", "small", "span"}
    | {"strong", "time", "u"}
)


def check(context: Context) -> Iterator[Problem]:
    """At most two problems, each at the first such text: too small, too tight."""
    document = context.document
    runs = list(_runs(document.root))
    if small := next((run for run in runs if 2 <= run.size < SMALLEST - 0.01), None):
        yield Problem(
            f"running text of {small.size:.4g} pixels is hard to read",
            f"In the template, make it {SMALLEST} pixels or more.",
            *(document.place(small.element) or ()),
        )
    if tight := next((run for run in runs if run.is_tight), None):
        yield Problem(
            f"lines of running text are only {tight.leading:.3g} times their size apart",
            "In the template, write line-height:1.5.",
            *(document.place(tight.element) or ()),
        )


class _Run(NamedTuple):
    """Running text of one size in one block."""

    element: Element
    size: float
    leading: float | None

    @property
    def is_tight(self) -> bool:
        if self.leading is None or not 2 <= self.size < LARGE:
            return False
        # Designers write whole pixels: 22 for type of 15.
        return self.leading * self.size < math.floor(TIGHTEST * self.size) - 0.01


def _runs(root: Element) -> Iterator[_Run]:
    looks = styles(root)
    lengths: dict[tuple[Element, float], int] = {}
    runs: dict[tuple[Element, float], _Run] = {}
    for element, text in visible_text(root):
        block: Element | None = element
        while block is not None and block.tag in _IN_LINE:
            block = block.getparent()
        size = looks[element].size
        if block is None or block.tag not in _BLOCKS or size is None:
            continue
        key = block, size
        lengths[key] = lengths.get(key, 0) + len(text.strip())
        runs.setdefault(key, _Run(element, size, _leading(looks[element], looks[block])))
    return (run for key, run in runs.items() if lengths[key] >= RUNNING)


def _leading(look: Style, block: Style) -> float | None:
    """How far apart lines are, in multiples of the text's size: no closer than its block says."""
    said = [
        one.leading.times * one.size / look.size
        for one in (look, block)
        if one.leading.times is not None and one.size and look.size
    ]
    return max(said, default=None)
