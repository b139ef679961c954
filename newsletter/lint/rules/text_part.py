"""A letter whose text part is empty, or looks so.

What: a text part without any words (error), or one that begins with more than two blank lines
(error).

Why: readers of plain text, watches and voice assistants get this part. One that begins with blank
lines looks as if there were nothing in it; filters take a letter without it for spam.

Source: RFC 2046, 5.1.4; SpamAssassin, MIME_HTML_ONLY; a bug of Ghost (2024) that made readers
believe an issue was empty.

Bad::

    html: <p>The ferry is back.</p>
    text: ""

Good::

    html: <p>The ferry is back.</p>
    text: The ferry is back.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from newsletter.findings import Severity
from newsletter.lint.fields import as_typed
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import has_words

ID = "T01"
GROUP = Group.TEXT
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

MOST_BLANK_LINES = 2


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, for the letter as a whole."""
    text = as_typed(context.edition.text)
    blank = sum(1 for _ in takewhile(lambda line: not has_words(line), text.split("\n")))
    if not has_words(text):
        yield Problem("the text part is empty", _HINT)
    elif blank > MOST_BLANK_LINES and not text.split("\n")[0].strip():
        yield Problem(f"the text part begins with {blank} blank lines", _HINT)


_HINT = "The program makes the text part, not the template: please report it."
