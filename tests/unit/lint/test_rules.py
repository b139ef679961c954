"""Every rule is registered, has its five names, and its documentation is true."""

from __future__ import annotations

import importlib
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from newsletter.findings import Finding, Severity
from newsletter.lint import rules as folder
from newsletter.lint.registry import RULES
from newsletter.lint.rule import Rule, Target

FILES = sorted(Path(folder.__path__[0]).glob("[!_]*.py"))

Findings = Callable[..., list[Finding]]


def example(docstring: str, title: str) -> str:
    """The indented block behind ``Bad::`` or ``Good::``."""
    _, _, block = docstring.partition(f"\n{title}::\n")
    lines = []
    for line in block.splitlines():
        if line and not line.startswith(" "):
            break
        lines.append(line)
    return textwrap.dedent("\n".join(lines)).strip("\n") + "\n"


def run(findings: Findings, rule: Rule, piece: str) -> list[Finding]:
    """An example of an issue rule is an issue file's; one of an edition rule its parts."""
    if rule.TARGET is Target.ISSUE:
        return findings(rule.ID, piece)
    parts = yaml.safe_load(piece)
    times = parts.pop("times", 1)
    return findings(rule.ID, **{name: part * times for name, part in parts.items()})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_in_rules_is_registered_under_its_name(file: Path) -> None:
    assert RULES[file.stem.replace("_", "-")] == f"newsletter.lint.rules.{file.stem}"


def test_the_table_is_sorted_and_names_no_missing_file() -> None:
    assert list(RULES) == [file.stem.replace("_", "-") for file in FILES]


@pytest.mark.parametrize("slug", RULES)
def test_a_rule_has_its_five_names(slug: str) -> None:
    module = importlib.import_module(RULES[slug])
    assert slug == module.ID
    assert isinstance(module.SEVERITY, Severity)
    assert isinstance(module.TARGET, Target)
    assert callable(module.check)
    for part in ("What: ", "Why: ", "Source: ", "Bad::", "Good::"):
        assert f"\n\n{part}" in (module.__doc__ or ""), f"the docstring of {slug} lacks {part!r}"


@pytest.mark.parametrize("slug", RULES)
def test_the_bad_example_of_a_rule_is_found_and_the_good_one_is_not(
    slug: str, findings: Findings
) -> None:
    rule = importlib.import_module(RULES[slug])
    documentation = rule.__doc__ or ""
    assert run(findings, rule, example(documentation, "Bad"))
    assert run(findings, rule, example(documentation, "Good")) == []
