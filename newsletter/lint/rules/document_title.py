"""A letter without a title.

What: no ``<title>``, or an empty one (error); one that is not the subject (note).

Why: a screen reader says the title first when it opens a letter, and a browser shows it above the
web version. Best is the subject, by which the reader chose the letter.

Source: Email Markup Consortium, Accessibility Report 2025: missing in 41% of letters; WCAG 2.2,
2.4.2.

Bad::

    html: <html><head></head><body><p>The ferry is back.</p></body></html>

Good::

    html: |
      <html><head><title>The night ferry is back</title></head>
      <body><p>It sails again from Friday.</p></body></html>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import folded

ID = "A09"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_HINT = "In the template, write <mj-title>{{ issue.subject }}</mj-title>."


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, for the letter as a whole."""
    titles = ["".join(one.itertext()) for one in context.document.root.iter("title")]
    title = next((one for one in titles if one.strip()), "")
    subject = "".join(
        part if isinstance(part, str) else f"{{{{ {part.field} }}}}"
        for part in context.edition.subject.parts
    )
    if not title:
        yield Problem("the document has no title", _HINT)
    elif folded(subject) not in folded(title):
        shown = " ".join(title.split())
        yield Problem(
            f'the title of the document, "{shown}", is not the subject',
            _HINT,
            severity=Severity.INFO,
        )
