"""A letter that does not say its language where mail programs look.

What: an element right inside ``<body>`` without a ``lang`` that names a language (BCP 47; ``und``
passes); words in ``<body>`` outside of any element.

Why: many mail programs drop ``<html>`` and with it its ``lang``. A screen reader then reads a
Ukrainian letter with the sounds of English, which nobody understands.

Source: Email Markup Consortium, Accessibility Report 2025: missing in 97% of letters, serious;
WCAG 2.2, 3.1.1.

Bad::

    html: <html lang="en"><body><div>The ferry is back.</div></body></html>

Good::

    html: <html lang="en"><body><div lang="en">The ferry is back.</div></body></html>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.model import LANGUAGE
from newsletter.lint.body import loose_text, outermost
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "A02"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_HINT = 'In the template, write lang="{{ issue.language }}" on each element right inside <body>.'


def check(context: Context) -> Iterator[Problem]:
    """A problem for the first element of each kind, for the letter as a whole."""
    document = context.document
    found: dict[str, None] = {}
    for element in outermost(document):
        said = (element.get("lang") or "").strip()
        if not said:
            found[f"a <{element.tag}> right inside <body> does not say the language"] = None
        elif not re.fullmatch(LANGUAGE, said):
            found[f'a <{element.tag}> says lang="{said}", which names no language'] = None
    yield from (Problem(message, _HINT) for message in found)
    if loose := loose_text(document):
        yield Problem(
            f'"{loose}" stands in <body> outside of any element, so that nothing gives its '
            "language",
            "In the template, put it into an element with lang and dir.",
        )
