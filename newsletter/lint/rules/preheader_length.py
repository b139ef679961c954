"""A preheader that inboxes cut or fill up.

What: a preheader of fewer than 30 or more than 110 characters; merge fields count as their
defaults.

Why: what is too long is not seen; what is too short leaves most of the row empty that could say
why to open the letter.

Source: EmailToolTester's test of inbox rows: iPhone Mail shows 99 characters of the preheader.

Bad::

    preheader: Also this week

Good::

    preheader: Also this week, a library that stays open until ten and a market without a name
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import length, stand_in

ID = "H07"
GROUP = Group.INBOX
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

SHORTEST, LONGEST = 30, 110
"""Characters."""


def check(context: Context) -> Iterator[Problem]:
    """At most one problem: too short or too long."""
    count = length(stand_in(context.issue.preheader))
    place = ("preheader",)
    if count > LONGEST:
        yield Problem(
            f"the preheader has {count} characters; inboxes show no more than {LONGEST}",
            f"Cut {count - LONGEST}, and put what matters first.",
            place,
        )
    elif count < SHORTEST:
        yield Problem(
            f"the preheader has only {count} characters; inboxes have room for about 100",
            f"Say in {SHORTEST} to {LONGEST} characters what else is in the letter.",
            place,
        )
