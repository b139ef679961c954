"""A list that the newsletter does not have.

What: every name in the issue's ``lists`` against the lists that ``newsletter.toml`` makes; without
any there, the only one is ``main``.

Why: the issue could not be sent, and that would come out only when it is to go.

Source: practice of newsrooms with several lists; ``newsletter send`` refuses such an issue.

Bad::

    lists: [weekley]

Good::

    lists: [weekly]
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.suggestion import did_you_mean

ID = "N26"
GROUP = Group.EDITORIAL
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """A problem for each name, unless nobody knows which lists there are."""
    for number, name in enumerate(context.issue.lists):
        if context.lists and name not in context.lists:
            yield Problem(
                f'there is no list "{name}"',
                did_you_mean(name, context.lists) or f"Lists are: {', '.join(context.lists)}.",
                ("lists", number),
            )
