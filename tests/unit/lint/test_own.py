"""A newsroom's own rules are found, run like the others, and say where they are wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.errors import ConfigurationError
from newsletter.lint.exam import exam
from newsletter.lint.own import own_rules

RULE = '''"""Exclamation marks.

What: any.
"""
from newsletter.findings import Severity
from newsletter.lint.rule import Group, Problem, Target

ID = "Z01"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context):
    for passage in context.passages:
        if "!" in passage.text:
            yield Problem("we do not shout", "", passage.where, passage.at(passage.text.index("!")))
'''


def write(root: Path, name: str, text: str) -> Path:
    (root / "lint").mkdir(exist_ok=True)
    path = root / "lint" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_project_without_rules_has_none(tmp_path: Path) -> None:
    assert own_rules(tmp_path) == ()


def test_each_file_is_a_rule_but_helpers(tmp_path: Path) -> None:
    write(tmp_path, "no_shouting.py", RULE)
    write(tmp_path, "_helper.py", "raise ValueError")
    (rule,) = own_rules(tmp_path)
    assert (rule.slug, rule.id, rule.title) == ("no-shouting", "Z01", "Exclamation marks")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mine.py", RULE.replace('ID = "Z01"\n', ""), "mine.py: ID is missing"),
        ("mine.py", "", "ID, GROUP, SEVERITY, TARGET, check are missing"),
        ("mine.py", RULE.replace("def check", "def check(:"), "mine.py:14: SyntaxError"),
        ("mine.py", RULE + "\n1 / 0\n", "mine.py:19: ZeroDivisionError"),
        ("mine.py", RULE + "\nimport sys\nsys.exit(0)\n", "mine.py:20: SystemExit"),
        ("mine.py", RULE.replace("Z01", "N07"), "there is a rule N07 placeholder already"),
        ("placeholder.py", RULE, "there is a rule N07 placeholder already"),
    ],
)
def test_a_file_that_is_no_rule_is_named(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    write(tmp_path, name, text)
    with pytest.raises(ConfigurationError) as caught:
        own_rules(tmp_path)
    assert message in caught.value.message


def test_a_rule_that_fails_while_it_runs_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "mine.py", RULE.replace("context.passages", "context.pasages"))
    (rule,) = own_rules(tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        list(rule.check(object()))  # type: ignore[arg-type]
    assert "mine.py:15: AttributeError" in caught.value.message


def test_the_rule_that_the_guide_shows_passes_the_exam(tmp_path: Path) -> None:
    guide = Path(__file__).parents[3] / "docs/how-to/write-a-rule-of-your-own.md"
    (code,) = re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    write(tmp_path, "no_exclamation_marks.py", code)
    (rule,) = own_rules(tmp_path)
    assert list(exam(rule)) == []
