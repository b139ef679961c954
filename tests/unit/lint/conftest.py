"""A piece of an issue file in, ``line:column severity`` of one rule's findings out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter.findings import Finding, in_reading_order
from newsletter.lint import exam
from newsletter.lint.engine import Diagnosis
from newsletter.lint.registry import rules


@pytest.fixture
def diagnose(tmp_path: Path) -> Callable[..., list[Diagnosis]]:
    """What all rules, or only one, say of a piece; see ``newsletter.lint.exam.diagnose``."""

    def run(piece: str = "", *, only: str | None = None, **more: Any) -> list[Diagnosis]:
        asked = [rule for rule in rules() if only in {None, rule.slug}]
        return exam.diagnose(piece, asked, root=tmp_path, **more)

    return run


@pytest.fixture
def everything(diagnose: Callable[..., list[Diagnosis]]) -> Callable[..., list[Finding]]:
    """What all rules say."""

    def run(piece: str = "", **more: Any) -> list[Finding]:
        return in_reading_order([diagnosis.finding for diagnosis in diagnose(piece, **more)])

    return run


@pytest.fixture
def findings(everything: Callable[..., list[Finding]]) -> Callable[..., list[Finding]]:
    """What one rule says."""

    def run(rule: str, piece: str = "", **more: Any) -> list[Finding]:
        assert rule in {known.slug for known in rules()}
        found = everything(piece, only=rule, **more)
        return [finding for finding in found if finding.rule == rule]

    return run


@pytest.fixture
def mended(diagnose: Callable[..., list[Diagnosis]]) -> Callable[..., list[tuple[str, str]]]:
    """What one rule's repairs would change: what stands there, and what would."""

    def run(rule: str, piece: str = "", **more: Any) -> list[tuple[str, str]]:
        edits = [edit for d in diagnose(piece, only=rule, **more) for edit in d.problem.fix]
        manuscript = exam.read(piece, Path("issue.yaml"))
        return [(manuscript.value(e.where)[e.start : e.end], e.replacement) for e in edits]

    return run


@pytest.fixture
def places(findings: Callable[..., list[Finding]]) -> Callable[..., list[str]]:
    """The same, each finding as ``line:column severity``."""

    def run(rule: str, piece: str = "", **more: Any) -> list[str]:
        return [f"{f.line}:{f.column} {f.severity}" for f in findings(rule, piece, **more)]

    return run
