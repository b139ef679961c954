"""A subject in capitals.

What: more than 70 % of the letters of a subject that has more than ten; letters of scripts without
capitals do not count.

Why: readers feel shouted at, and filters take it for advertising.

Source: canispam, subject checks; SpamAssassin's SUBJ_ALL_CAPS.

Bad::

    subject: THE NIGHT FERRY IS BACK

Good::

    subject: The night ferry is back in the EU
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import stand_in

ID = "H02"
GROUP = Group.INBOX
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

LETTERS = 10
SHARE = 0.7


def check(context: Context) -> Iterator[Problem]:
    """At most one problem."""
    subject = stand_in(context.issue.subject)
    capitals = sum(map(str.isupper, subject))
    letters = capitals + sum(map(str.islower, subject))
    if letters > LETTERS and capitals > SHARE * letters:
        yield Problem(
            f"{capitals} of the subject's {letters} letters are capitals",
            "Write it as a sentence.",
            ("subject",),
        )
