"""A problem at a place, as a value: one type for the manuscript, the lint rules and CSV files."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.StrEnum):
    """How bad a finding is. An error blocks ``newsletter send``."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting by it puts errors first."""
        return ("error", "warning", "info").index(self.value)


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, in the words of an editor.

    Attributes:
        path: The file, as the user would type it (relative to the working directory if possible).
        line: Line in that file, counted from 1.
        column: Column in that line, in characters, counted from 1.
        rule: Slug of the rule that found it, e.g. ``image-alt``.
        severity: Error, warning or info.
        message: What is wrong, one sentence without a full stop at the end.
        hint: What to do about it, a full sentence; empty if the message says it all.
    """

    path: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """``path:line:column: severity: message. hint [rule]``, as compilers print it."""
        said = f"{self.message}. {self.hint}" if self.hint else self.message
        return f"{self.path}:{self.line}:{self.column}: {self.severity}: {said} [{self.rule}]"


def in_reading_order(findings: list[Finding]) -> list[Finding]:
    """Findings by file, then from top to bottom; the order of a stable report."""
    return sorted(findings, key=lambda f: (f.path, f.line, f.column, f.severity.rank, f.rule))
