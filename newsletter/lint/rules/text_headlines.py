"""Headlines that the text part lacks, or has in another order.

What: headlines of the issue that the HTML part shows (``<h1>`` to ``<h6>``) and that are not in
the text part, in the same order. Headlines that only the template has are left out.

Why: readers of the text part are to get the same letter.

Source: RFC 2046, 5.1.4: the parts of a letter are the same information in other forms.

Bad::

    html: <h2>Ferry</h2><p>It sails again.</p>
    text: It sails again.

Good::

    html: <h2>Ferry</h2><p>It sails again.</p>
    text: |
      Ferry
      -----
      It sails again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.passages import PassageKind
from newsletter.lint.fields import as_typed
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "T05"
GROUP = Group.TEXT
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_HEADLINES = frozenset({PassageKind.TITLE, PassageKind.HEADLINE, PassageKind.HEADING})
_REFERENCE = re.compile(r"\[\d+\]")
_HINT = "The program makes the text part, not the template: please report it."


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such headline."""
    document = context.document
    text = _letters(as_typed(context.edition.text))
    ours = {_letters(p.text) for p in context.passages if p.kind in _HEADLINES}
    reached = 0
    for heading in document.root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        said = document.text(heading)
        letters = _letters(said)
        if not letters or letters not in ours:
            continue
        at = text.find(letters, reached)
        if at >= 0:
            reached = at + len(letters)
            continue
        how = "is not in its place in" if letters in text else "is not in"
        yield Problem(
            f'the headline "{said}" {how} the text part', _HINT, *(document.place(heading) or ())
        )


def _letters(text: str) -> str:
    """Only letters and digits: quotation marks, line breaks and numbers of links do not count."""
    plain = unicodedata.normalize("NFKC", _REFERENCE.sub("", text)).casefold()
    return "".join(filter(str.isalnum, plain))
