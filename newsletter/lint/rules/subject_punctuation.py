"""A subject with many exclamation marks, question marks or dollar signs.

What: three or more of ``!``, ``?`` and ``$``, also of those in full width, upside down or before
amounts.

Why: filters take such a subject for advertising, and so do readers.

Source: canispam, subject checks; SpamAssassin's PLING_QUERY.

Bad::

    subject: Is it back?! Yes!

Good::

    subject: Is it back? Yes!
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import stand_in

ID = "H03"
GROUP = Group.INBOX
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

ALLOWED = 2
_SIGN = re.compile(r"[!?$！？؟]")


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first sign that is too many."""
    signs = _SIGN.findall(stand_in(context.issue.subject))
    if len(signs) > ALLOWED:
        typed = [found.start() for found in _SIGN.finditer(context.issue.subject)]
        yield Problem(
            f"the subject has {len(signs)} signs that filters count: {''.join(signs)}",
            f"Keep at most {ALLOWED} of ! ? $.",
            ("subject",),
            typed[min(ALLOWED, len(typed) - 1)] if typed else None,
        )
