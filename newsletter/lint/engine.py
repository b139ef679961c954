"""Runs every rule over one issue and its edition."""

from __future__ import annotations

from pathlib import Path

from newsletter.findings import Finding, in_reading_order
from newsletter.issue.manuscript import Manuscript
from newsletter.lint.registry import rules
from newsletter.lint.rule import Context
from newsletter.render.edition import Edition
from newsletter.render.publication import Publication


def lint(
    manuscript: Manuscript, edition: Edition, publication: Publication, *, root: Path
) -> tuple[Finding, ...]:
    """What the lint rules say of an issue.

    Args:
        manuscript: The issue with the place of every value.
        edition: The same issue rendered.
        publication: What all issues have in common.
        root: The project's folder.

    Returns:
        The findings, from the top of the file to its bottom.
    """
    context = Context(manuscript, edition, publication, root)
    findings = [
        manuscript.finding(
            rule.ID,
            problem.severity or rule.SEVERITY,
            problem.message,
            problem.hint,
            where=problem.where,
            offset=problem.offset,
        )
        for rule in rules()
        for problem in rule.check(context)
    ]
    return tuple(in_reading_order(findings))
