"""A subject line that an earlier letter had.

What: the subject of one of the last issues again (case, spacing and signs at its ends do not
count): a warning if it is the last issue's, a note if it is an older one's. Where two of the last
issues share it, the newsletter has one subject on purpose, and the note says what that costs.

Why: the subject was forgotten when the last issue's file was copied. And mail programs thread
letters of one sender and one subject: the new one hides inside the old conversation, and Gmail
folds away what both have in common.

Source: mjmlio/mjml#2631, where repeated tests of one letter came out clipped; Maizzle's "prevent
threading" for test sends.

Bad::

    subject: The night ferry is back on Friday
    ---
    subject: The night ferry is back on Friday

Good::

    subject: "Letter 42: the night ferry is back on Friday"
    ---
    subject: "Letter 41: the night ferry is back on Friday"
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import folded

ID = "S04"
GROUP = Group.INBOX
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """At most one problem: the latest issue that had this subject."""
    subject = folded(context.issue.subject)
    if subject.startswith("tk"):
        return  # still to be written, as "placeholder" says
    ages = [
        age
        for age, manuscript in enumerate(context.earlier)
        if folded(manuscript.issue.subject) == subject
    ]
    if not ages or not subject:
        return
    name = context.earlier[ages[0]].path.name
    if len(ages) > 1:
        yield Problem(
            f"{len(ages)} of the last issues have this subject, {name} the latest of them",
            "Mail programs put letters of one subject into one conversation: say what is new.",
            ("subject",),
            severity=Severity.INFO,
        )
    else:
        yield Problem(
            f"{name} has this subject already",
            "Say what this issue is about; mail programs would hide it behind the other one.",
            ("subject",),
            severity=Severity.INFO if ages[0] else None,
        )
