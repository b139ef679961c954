"""Every rule is registered, has its five names, and its documentation is true."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from newsletter.findings import Severity
from newsletter.lint import rules as folder
from newsletter.lint.exam import exam
from newsletter.lint.registry import rules
from newsletter.lint.rule import Group, Rule, Target

FILES = sorted(Path(folder.__path__[0]).glob("[!_]*.py"))
RULES = rules()


def test_every_file_in_rules_is_a_rule_under_its_name() -> None:
    assert [rule.slug for rule in RULES] == [file.stem.replace("_", "-") for file in FILES]


def test_no_two_rules_have_one_number() -> None:
    numbers = Counter(rule.id for rule in RULES)
    assert [number for number, times in numbers.items() if times > 1] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_a_rule_has_its_names_and_its_documentation(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]\d\d", rule.id)
    assert isinstance(rule.group, Group)
    assert isinstance(rule.severity, Severity)
    assert isinstance(rule.target, Target)
    assert rule.title


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_the_bad_example_of_a_rule_is_found_and_the_good_one_is_not(rule: Rule) -> None:
    assert list(exam(rule)) == []
