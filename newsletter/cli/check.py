"""``newsletter check``."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from newsletter.cli.options import with_project
from newsletter.cli.output import count, say, say_json, warn
from newsletter.errors import TemplateError
from newsletter.findings import Finding, Severity
from newsletter.project import Project

Checked = dict[Path, tuple[Finding, ...] | TemplateError]
"""What came of each issue."""


@click.command()
@click.argument("issues", nargs=-1, metavar="[ISSUE]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="Lines to read (text), an array for programs (json), or annotations for GitHub Actions.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@with_project
def command(
    project: Project, issues: tuple[str, ...], form: str, *, as_json: bool, strict: bool
) -> int:
    """Find what is wrong with issues: slugs, paths, or without either the latest.

    Exit code 1 if there are errors (with --strict, errors or warnings), else 0.
    """
    paths = dict.fromkeys(project.find(issue) for issue in issues or [None])
    checked: Checked = {project.shown(path): _check(project, path) for path in paths}
    _PRINTERS["json" if as_json else form](checked)
    blocking = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return int(
        any(
            isinstance(result, TemplateError) or any(f.severity in blocking for f in result)
            for result in checked.values()
        )
    )


def _check(project: Project, path: Path) -> tuple[Finding, ...] | TemplateError:
    try:
        return project.check(path)
    except TemplateError as error:
        return error


def _print_text(checked: Checked) -> None:
    for path, result in checked.items():
        if isinstance(result, TemplateError):
            _warn_of_template(path, result)
            continue
        for finding in result:
            say(_coloured(finding))
    say(_summary(checked))


def _print_json(checked: Checked) -> None:
    findings: list[Finding] = []
    for path, result in checked.items():
        if isinstance(result, TemplateError):
            _warn_of_template(path, result)
        else:
            findings.extend(result)
    say_json([dataclasses.asdict(finding) for finding in findings])


def _print_github(checked: Checked) -> None:
    for path, result in checked.items():
        if isinstance(result, TemplateError):
            said = _sentences(result.message, result.hint)
            say(f"::error title=template,file={_property(str(path))}::{_data(said)}")
            continue
        for f in result:
            level = {Severity.INFO: "notice"}.get(f.severity, f.severity.value)
            say(
                f"::{level} file={_property(f.path)},line={f.line},col={f.column},"
                f"title={_property(f.rule)}::{_data(_sentences(f.message, f.hint))}"
            )


_PRINTERS: dict[str, Callable[[Checked], None]] = {
    "text": _print_text,
    "json": _print_json,
    "github": _print_github,
}

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def _coloured(finding: Finding) -> str:
    # Exactly str(finding) once the colours are gone, which click takes out when piped.
    place, mark, said = str(finding).partition(f": {finding.severity}: ")
    severity = click.style(mark[2:-2], fg=_COLOURS[finding.severity], bold=True)
    return f"{click.style(place, bold=True)}: {severity}: {said}"


def _summary(checked: Checked) -> str:
    findings = [f for r in checked.values() if not isinstance(r, TemplateError) for f in r]
    tally = Counter(finding.severity for finding in findings)
    nouns = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    said = [count(tally[severity], noun) for severity, noun in nouns.items() if tally[severity]]
    failed = sum(isinstance(result, TemplateError) for result in checked.values())
    if failed:
        said.append(f"{count(failed, 'issue')} not rendered")
    if said:
        return f"{', '.join(said)} in {count(len(checked), 'issue')}"
    return f"No problems in {_names(list(checked))}."


def _names(paths: Sequence[Path]) -> str:
    return paths[0].stem if len(paths) == 1 else count(len(paths), "issue")


def _warn_of_template(path: Path, error: TemplateError) -> None:
    warn(f"{click.style('Error:', fg='red', bold=True)} {path.stem}: {error.message}")
    if error.hint:
        warn(error.hint)


def _sentences(message: str, hint: str) -> str:
    return f"{message}. {hint}" if hint else message


def _data(text: str) -> str:
    """Text of a workflow command, escaped as GitHub's toolkit does (``command.ts``)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property of a workflow command; colons and commas would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
