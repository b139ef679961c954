"""One array of findings."""

from __future__ import annotations

import dataclasses
import json

from newsletter.cli.reports import Report


def write(report: Report) -> str:
    """Every finding with exactly the fields of ``Finding``."""
    findings = [dataclasses.asdict(finding) for finding in report.findings]
    return json.dumps(findings, ensure_ascii=False, indent=2)
