"""Annotations of a pull request: GitHub's workflow commands."""

from __future__ import annotations

from newsletter.cli.reports import Report
from newsletter.findings import Finding, Severity


def write(report: Report) -> str:
    """A workflow command for each finding; notes only if they are wanted.

    GitHub shows ten errors, ten warnings and ten notices of a step, so that notes would push each
    other out.
    """
    return "\n".join(
        _annotation(finding)
        for finding in report.findings
        if report.notes or finding.severity is not Severity.INFO
    )


def _annotation(finding: Finding) -> str:
    level = {Severity.INFO: "notice"}.get(finding.severity, finding.severity.value)
    said = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    return (
        f"::{level} file={_property(finding.path)},line={finding.line},col={finding.column},"
        f"title={_property(finding.rule)}::{_data(said)}"
    )


def _data(text: str) -> str:
    """Text of a workflow command, escaped as GitHub's toolkit does (``command.ts``)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property of a workflow command; colons and commas would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
