"""A subject line that inboxes cut.

What: a subject of more than 50 characters; merge fields count as their defaults.

Why: phones and narrow windows do not show the rest.

Source: EmailToolTester's test of inbox rows: iPhone Mail shows 48 characters of the subject and
99 of the preheader.

Bad::

    subject: The night ferry comes back on Friday with a new timetable and new fares

Good::

    subject: The night ferry comes back on Friday
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import length, stand_in

ID = "H01"
GROUP = Group.INBOX
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

LONGEST = 50
"""Characters."""


def check(context: Context) -> Iterator[Problem]:
    """At most one problem: the subject is too long."""
    count = length(stand_in(context.issue.subject))
    if count > LONGEST:
        yield Problem(
            f"the subject has {count} characters; many inboxes show no more than {LONGEST}",
            f"Cut {count - LONGEST}, and say the point in the first 33.",
            ("subject",),
        )
