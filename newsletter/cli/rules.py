"""``newsletter rules``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, table, warn
from newsletter.errors import NotFoundError
from newsletter.project import Project
from newsletter.suggestion import did_you_mean

if TYPE_CHECKING:
    from newsletter.lint.rule import Rule


@click.command()
@click.argument("rule", required=False)
@click.option(
    "--exam",
    is_flag=True,
    help="Try the examples in the docstrings of the project's own rules (folder lint).",
)
@json_option
@with_project
def command(project: Project, rule: str | None, *, exam: bool, as_json: bool) -> int:
    """Explain what newsletter check looks for: one rule by name or number, or list them all."""
    if exam:
        return _exam(project)
    rules = sorted(project.rules, key=lambda rule: (rule.group, rule.id))
    if rule is not None:
        rules = [_named(rule, rules)]
    if as_json:
        say_json([_plain(project, rule) for rule in rules])
    elif rule is not None:
        _explain(project, rules[0])
    else:
        rows = (
            (r.group.value, r.id, r.slug, _level(project, r), r.title.replace("``", "`"))
            for r in rules
        )
        table(("Group", "No.", "Rule", "Level", "What it finds"), rows)
    return 0


def _named(name: str, rules: list[Rule]) -> Rule:
    from newsletter.lint.registry import find

    found = find(name, tuple(rules))
    if found is None:
        slugs = [rule.slug for rule in rules]
        raise NotFoundError(
            f'there is no rule "{name}"',
            did_you_mean(name, [s for s in slugs if name.lower() in s] or slugs)
            or "All rules: newsletter rules",
        )
    return found


def _explain(project: Project, rule: Rule) -> None:
    say(f"{rule.id} {rule.slug}", bold=True)
    say(f"{rule.group.value}, {_level(project, rule)}")
    say()
    say(rule.documentation.strip().replace("``", "`"))
    say()
    say(f"To switch it off for one place:  # lint: disable={rule.slug}")
    say(f'For the whole project, in newsletter.toml, below [lint.rules]:  {rule.slug} = "off"')


def _level(project: Project, rule: Rule) -> str:
    levels = project.settings.lint.rules
    return str(levels.get(rule.slug, levels.get(rule.id, rule.severity.value)))


def _plain(project: Project, rule: Rule) -> dict[str, str]:
    return {
        "rule": rule.slug,
        "id": rule.id,
        "group": rule.group.value,
        "level": _level(project, rule),
        "title": rule.title,
        "documentation": rule.documentation.strip(),
    }


def _exam(project: Project) -> int:
    from newsletter.lint.exam import exam
    from newsletter.lint.own import own_rules

    rules = own_rules(project.root)
    failures = [failure for rule in rules for failure in exam(rule)]
    for failure in failures:
        warn(failure)
    said = count(len(rules), "rule")
    say(f"{said} of this project, {count(len(failures), 'mistake')}.")
    return int(bool(failures))
