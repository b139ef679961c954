"""Safe repairs: what ``newsletter fix`` changes in an issue file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from newsletter.findings import Finding
from newsletter.issue.amend import amend
from newsletter.issue.manuscript import Manuscript
from newsletter.lint.engine import Diagnosis

ROUNDS = 5
"""A repair may show the next one (a space behind a space); then it is looked at once more."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """An issue after its repairs.

    Attributes:
        manuscript: The issue with its new text.
        findings: What was repaired, each at its place when it was, in the order of repair.
    """

    manuscript: Manuscript
    findings: tuple[Finding, ...]


def fix(manuscript: Manuscript, examine: Callable[[Manuscript], Iterable[Diagnosis]]) -> Fixed:
    """Repair what can be repaired without changing what is meant.

    Args:
        manuscript: The issue.
        examine: What is wrong with an issue.
    """
    findings: list[Finding] = []
    for _ in range(ROUNDS):
        wrong = [diagnosis for diagnosis in examine(manuscript) if diagnosis.problem.fix]
        amended = amend(manuscript, [edit for diagnosis in wrong for edit in diagnosis.problem.fix])
        done = set(amended.done)
        mended = [d.finding for d in wrong if done.issuperset(d.problem.fix)]
        if not amended.done or amended.manuscript.text == manuscript.text:
            break
        findings += mended
        manuscript = amended.manuscript
    return Fixed(manuscript, tuple(findings))
