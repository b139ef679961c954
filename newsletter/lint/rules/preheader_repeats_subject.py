"""A preheader that says what the subject says.

What: a preheader equal to the subject (error), or one of them beginning with the other (warning);
case, spacing and punctuation at the ends do not count.

Why: the inbox shows both on one row, so readers see the same words twice and nothing of the rest.

Source: the inbox row of every common client: sender, subject, preheader, one behind the other.

Bad::

    subject: The night ferry comes back on Friday
    preheader: The night ferry comes back on Friday!

Good::

    subject: The night ferry comes back on Friday
    preheader: Also this week, a library that stays open until ten
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import folded

ID = "H05"
GROUP = Group.INBOX
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """At most one problem: the same words, or the same beginning."""
    subject, preheader = folded(context.issue.subject), folded(context.issue.preheader)
    if not subject or not preheader:
        return
    place = ("preheader",)
    hint = "Say something that the subject does not."
    if subject == preheader:
        yield Problem("the preheader is the subject again", hint, place)
    elif _begins(preheader, subject):
        yield Problem(
            "the preheader begins with the whole subject", hint, place, severity=Severity.WARNING
        )
    elif _begins(subject, preheader):
        yield Problem(
            "the subject begins with the whole preheader", hint, place, severity=Severity.WARNING
        )


def _begins(text: str, beginning: str) -> bool:
    return text.startswith(beginning) and not text[len(beginning)].isalnum()
