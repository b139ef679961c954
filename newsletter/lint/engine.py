"""Runs every rule over one issue and its edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.findings import Finding, Severity
from newsletter.issue.manuscript import Manuscript
from newsletter.lint.comments import Comment, comments
from newsletter.lint.context import Context
from newsletter.lint.options import Level, Options
from newsletter.lint.registry import find
from newsletter.lint.rule import Problem, Rule
from newsletter.suggestion import did_you_mean

MENDED = "Mended by: newsletter fix"
"""End of the hint of a finding that knows its repair."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A finding with the problem that it tells of, which knows how it may be mended."""

    finding: Finding
    problem: Problem


def examine(context: Context, rules: Sequence[Rule]) -> Iterator[Diagnosis]:
    """Every problem that the project wants to hear of, rule by rule.

    Args:
        context: The issue.
        rules: The rules that there are.
    """
    manuscript = context.manuscript
    switched_off = list(comments(manuscript))
    yield from (Diagnosis(found, Problem(found.message)) for found in _unknown(context, rules))
    for rule in rules:
        level = _level(rule, context.options)
        if level is Level.OFF:
            continue
        silent = [c for c in switched_off if c.name.casefold() in {rule.slug, rule.id.casefold()}]
        for problem in rule.check(context):
            finding = manuscript.finding(
                rule.slug,
                _severity(rule, problem, level),
                problem.message,
                f"{problem.hint} {MENDED}".lstrip() if problem.fix else problem.hint,
                where=problem.where,
                offset=problem.offset,
            )
            if not any(comment.first <= finding.line <= comment.last for comment in silent):
                yield Diagnosis(finding, problem)


def hear(
    finding: Finding, manuscript: Manuscript, options: Options, rules: Sequence[Rule]
) -> Finding | None:
    """A finding from elsewhere as the project's settings and the file's comments leave it.

    Args:
        finding: In the file of the manuscript; its severity is what it is at most.
        manuscript: The issue.
        options: The project's table ``[lint]``.
        rules: The rules that there are.
    """
    rule = find(finding.rule, tuple(rules))
    if rule is None:
        return finding
    level = _level(rule, options)
    names = {rule.slug, rule.id.casefold()}
    if level is Level.OFF or any(
        comment.name.casefold() in names and comment.first <= finding.line <= comment.last
        for comment in comments(manuscript)
    ):
        return None
    severity = _severity(rule, Problem("", severity=finding.severity), level)
    return replace(finding, severity=severity)


def _level(rule: Rule, options: Options) -> Level | None:
    levels = options.rules
    return levels.get(rule.slug, levels.get(rule.id, levels.get(rule.id.lower())))


def _severity(rule: Rule, problem: Problem, level: Level | None) -> Severity:
    """The project's level for the rule; a problem that is less bad than its rule stays so."""
    usual = level.severity if level is not None and level.severity else None
    if usual is None:
        return problem.severity or rule.severity
    return max(problem.severity or usual, usual, key=lambda severity: severity.rank)


def _unknown(context: Context, known: Sequence[Rule]) -> Iterator[Finding]:
    """Comments and settings that name no rule would hide nothing, and nobody would know."""
    names = [rule.slug for rule in known]
    for comment in comments(context.manuscript):
        if find(comment.name, tuple(known)) is None:
            yield _at(context, comment, names)


def _at(context: Context, comment: Comment, names: Sequence[str]) -> Finding:
    before = context.manuscript.text[: comment.at]
    return Finding(
        context.manuscript.name,
        before.count("\n") + 1,
        comment.at - (before.rfind("\n") + 1) + 1,
        "lint-comment",
        Severity.WARNING,
        f'there is no rule "{comment.name}"',
        did_you_mean(comment.name, names) or "All rules: newsletter rules",
    )
