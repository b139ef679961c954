"""The outcome of a check in numbers, as editors say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.findings import Finding, Severity

_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many findings a check had.

    Attributes:
        errors: That block sending.
        warnings: That somebody should look at.
        notes: All others.
        is_broken: Whether the file is no valid issue; the rules were not run over it then.
        failed: Why the check could not run; empty if it did.
    """

    errors: int = 0
    warnings: int = 0
    notes: int = 0
    is_broken: bool = False
    failed: str = ""

    @classmethod
    def of(
        cls, findings: Iterable[Finding], *, is_broken: bool = False, failed: str = ""
    ) -> Verdict:
        """The numbers of some findings."""
        found = Counter(finding.severity for finding in findings)
        errors, warnings, notes = (found[severity] for severity in _NOUNS)
        return cls(errors, warnings, notes, is_broken=is_broken, failed=failed)

    def __str__(self) -> str:
        """``2 errors, 5 warnings``, ``No problems``, or that the check could not run, and why."""
        return f"{self.words}: {self.failed}" if self.failed else self.words

    @property
    def words(self) -> str:
        """The same without a reason."""
        if self.failed:
            return "The check could not run"
        counts = zip((self.errors, self.warnings, self.notes), _NOUNS.values(), strict=True)
        said = [f"{number:,} {noun}{'s' * (number != 1)}" for number, noun in counts if number]
        return ", ".join(said) or "No problems"

    @property
    def mood(self) -> str:
        """The worst there is: ``error``, ``warning``, ``info`` or ``good``."""
        if self.errors or self.failed or self.is_broken:
            return "error"
        return "warning" if self.warnings else "info" if self.notes else "good"
