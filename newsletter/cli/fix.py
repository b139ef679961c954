"""``newsletter fix``."""

from __future__ import annotations

import dataclasses
import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json
from newsletter.findings import in_reading_order
from newsletter.project import Project

if TYPE_CHECKING:
    from newsletter.lint.fix import Fixed


@click.command()
@click.argument("issues", nargs=-1, metavar="[ISSUE]...")
@click.option("--all", "everything", is_flag=True, help="Mend every issue of the project.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if something would.")
@json_option
@with_project
def command(
    project: Project,
    issues: tuple[str, ...],
    *,
    everything: bool,
    diff: bool,
    check: bool,
    as_json: bool,
) -> int:
    """Mend what can be mended safely: quotes, invisible characters, tracking parameters.

    Only the characters in question change; comments and layout of the file stay as they are.
    """
    if everything and issues:
        raise click.UsageError("--all stands alone: it means every issue.")
    found = project.issues() if everything else [project.find(issue) for issue in issues or [None]]
    paths = dict.fromkeys(found)
    before = {path: _bytes(project, path) for path in paths}
    fixed = {path: _fix(project, path) for path in paths}
    findings = [finding for result in fixed.values() for finding in result.findings]
    writes = not (diff or check)
    if writes:
        for path, result in fixed.items():
            _write(project, path, before[path], result)
    if as_json:
        say_json([dataclasses.asdict(finding) for finding in findings])
    elif diff:
        for path, result in fixed.items():
            _show(project, path, result)
    else:
        said = "mended" if writes else "to mend"
        for finding in in_reading_order(findings):
            place = f"{finding.path}:{finding.line}:{finding.column}"
            say(f"{place}: {said}: {finding.message} [{finding.rule}]")
        say(f"{count(len(findings), 'place')} {said} in {count(len(fixed), 'issue')}")
    return int(check and bool(findings))


def _fix(project: Project, path: Path) -> Fixed:
    from newsletter.lint.fix import fix

    return fix(project.manuscript(path), lambda m: project.examine(m, project.render(m)))


def _bytes(project: Project, path: Path) -> bytes:
    from newsletter.issue.amend import rewrite

    data, manuscript = path.read_bytes(), project.manuscript(path)
    return data if rewrite(data, manuscript.text) == data else b""


def _write(project: Project, path: Path, before: bytes, fixed: Fixed) -> None:
    from newsletter.issue.amend import rewrite
    from newsletter.issue.save import save

    if fixed.findings:
        after = rewrite(before, fixed.manuscript.text)
        name = str(project.shown(path))
        save(path, before, after, name=name, hint="Run newsletter fix once more.")


def _show(project: Project, path: Path, fixed: Fixed) -> None:
    name = project.shown(path).as_posix()
    before = project.manuscript(path).text.splitlines(keepends=True)
    after = fixed.manuscript.text.splitlines(keepends=True)
    colours = {"-": "red", "+": "green", "@": "cyan"}
    for line in difflib.unified_diff(before, after, name, name):
        say(click.style(line.rstrip("\n"), fg=colours.get(line[0])))
