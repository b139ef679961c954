"""A text part with the preheader in it.

What: the preheader in the text part, unless its words stand in the letter, too; the invisible
characters that pad it.

Why: the preheader is for the inbox. In the text it is a sentence without sense before the letter,
and a screen reader may read its padding aloud, sign by sign.

Source: react-email, issues 343 and 2231, where this went wrong twice.

Bad::

    html: <div style="display:none">And a library</div><p>The ferry is back.</p>
    text: "And a library. The ferry is back."

Good::

    html: <div style="display:none">And a library</div><p>The ferry is back.</p>
    text: The ferry is back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.fields import as_typed
from newsletter.lint.lead import lead
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import folded, has_words

ID = "T02"
GROUP = Group.TEXT
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_PADDING = re.compile(
    "(?:[\u034f\u061c\u00ad\u180e\u200b-\u200f\u2007\u2060-\u2064\ufeff][ \u00a0]?){5,}"
)
_HINT = "The program makes the text part, not the template: please report it."


def check(context: Context) -> Iterator[Problem]:
    """At most two problems, for the letter as a whole."""
    document = context.document
    text = as_typed(context.edition.text)
    if _PADDING.search(text):
        yield Problem("the text part has invisible characters in a row, as pad a preheader", _HINT)
    preheader = folded(as_typed(context.edition.preheader))
    if not has_words(preheader) or preheader not in folded(text):
        return
    hidden = sum(preheader in folded(document.text(one)) for one in lead(document.root))
    if folded(document.text(document.root)).count(preheader) <= hidden:
        yield Problem("the preheader stands in the text part", _HINT)
