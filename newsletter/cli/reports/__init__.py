"""What ``newsletter check`` found, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.findings import Finding
from newsletter.lint.rule import Rule


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of the checks found.

    Attributes:
        paths: The issues that were looked at, as the user would type them.
        findings: All that was found, issue by issue, each from top to bottom.
        rules: The rules that ran.
        notes: Whether findings of severity info are wanted one by one.
        remarks: What else there is to say, a line each.
    """

    paths: tuple[Path, ...]
    findings: tuple[Finding, ...]
    rules: Sequence[Rule]
    notes: bool
    remarks: tuple[str, ...] = ()


def reporter(form: str) -> Callable[[Report], str]:
    """The function that writes a report in a form: ``text``, ``json``, ``github``, ``sarif``."""
    from newsletter.cli.reports import github, json, sarif, text

    forms: dict[str, Callable[[Report], str]] = {
        "text": text.write,
        "json": json.write,
        "github": github.write,
        "sarif": sarif.write,
    }
    return forms[form]
