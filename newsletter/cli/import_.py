"""``newsletter import``."""

from __future__ import annotations

import dataclasses
import datetime
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, warn
from newsletter.errors import NewsletterError, NotFoundError
from newsletter.project import Project

if TYPE_CHECKING:
    from newsletter.findings import Finding
    from newsletter.issue.drafts.importing import Draft, Imported

LARGEST = 200_000_000
"""Bytes of a draft; reading stops here."""

_FOLDERS = {".pages": "Apple Pages", ".rtfd": "TextEdit"}  # what looks like a file on a Mac

MOST_OF_A_RULE = 20
"""Findings of one rule that are shown."""


@click.command()
@click.argument("draft", metavar="DRAFT")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The new file, if not issues/DATE.yaml."
)
@click.option("--date", "day", metavar="DATE", help="The day of the issue: 2026-11-20.")
@click.option("--dry-run", is_flag=True, help="Print the issue file, and write nothing.")
@click.option("--force", is_flag=True, help="Write over an issue that exists.")
@json_option
@with_project
def command(
    project: Project,
    draft: str,
    output: Path | None,
    day: str | None,
    *,
    dry_run: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Make an issue of a draft: text, Markdown, Word (.docx), HTML, or - for standard input.

    Prints what was understood, and what was not certain, each with the draft's line. Nothing of
    the draft is lost. The new issue is marked as a draft until you have looked at it.
    """
    from newsletter.issue.drafts import dates

    asked = _day(day) or (dates.find(output.stem) if output else None)
    if output is not None and output.suffix.lower() not in {".yaml", ".yml"}:
        raise click.BadParameter("an issue's file ends in .yaml", param_hint="--output")
    folder = output.parent if output else project.issues_folder
    made = project.import_draft(_read(project, draft), day=asked, folder=folder)
    path = output or folder / f"{made.issue.date}.yaml"
    if os.path.lexists(path) and not (force or dry_run):
        raise NewsletterError(
            f"{project.shown(path)} exists",
            "Write over it with --force, or choose another --date or file (-o).",
        )
    if not dry_run:
        project.write_imported(made, path, over=force)
    if as_json:
        say_json(_report(project, path, made, dry_run=dry_run))
        return
    if dry_run:
        click.echo(made.text, nl=False)
    _show(project, path, made, dry_run=dry_run)


def _day(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no day like 2026-11-20", param_hint="--date"
        ) from None


def _read(project: Project, name: str) -> Draft:
    from newsletter.issue.drafts.importing import Draft

    if name == "-":
        return Draft(sys.stdin.buffer.read(LARGEST), "<stdin>")
    path = Path(name)
    try:
        if path.is_dir():
            program = _FOLDERS.get(path.suffix.lower())
            hint = f"In {program}, save it as .docx (Word), and import that." if program else ""
            raise NotFoundError(f"{path} is a folder", hint or "Name a file in it.")
        if path.exists() and not path.is_file():
            raise NotFoundError(f"{path} is not an ordinary file", "To read a pipe: import -")
        with path.open("rb") as file:
            data = file.read(LARGEST)
    except FileNotFoundError:
        raise NotFoundError(f"there is no draft {path}", "Look for a typing mistake.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NewsletterError(f"cannot read {path}: {reason}", "") from error
    return Draft(data, str(project.shown(path)), path.parent)


def _show(project: Project, path: Path, made: Imported, *, dry_run: bool) -> None:
    from newsletter.issue.drafts.understood import understood

    tell = warn if dry_run else say
    found = understood(made.issue)
    paragraphs = sum(story.paragraphs for story in found.stories)
    outside = f" and {count(found.outside, 'paragraph')} outside stories" if found.outside else ""
    if not dry_run:
        say(str(project.shown(path)), bold=True)
    tell(
        f"{count(len(found.bullets), 'bullet')}, {count(len(found.stories), 'story', 'stories')} "
        f"of {count(paragraphs, 'paragraph')}, {count(found.pictures, 'picture')}, "
        f"{count(found.links, 'link')}{outside}:"
    )
    for text, story in found.bullets:
        tell(f"  • {_short(text)} → {story or 'no story'}")
    for story_found in found.stories:
        paragraphs_said = count(story_found.paragraphs, "paragraph")
        tell(f"  {story_found.id}: {_short(story_found.headline)} ({paragraphs_said})")
    for finding in _most_telling(made.findings):
        tell(str(finding))
    if (left := len(made.findings) - len(_most_telling(made.findings))) > 0:
        tell(f"{left:,} more of these; --json shows them all.")
    if made.unit != "line" and made.findings:
        tell(f"The numbers behind the draft's name count its {made.unit}s.")
    if not dry_run:
        if path.resolve().parent == project.issues_folder.resolve():
            say(f"Now: newsletter check {path.stem}, and newsletter preview {path.stem}")
        else:
            say(f"Now: newsletter check {project.shown(path)}, and move it into issues/")


def _most_telling(findings: Sequence[Finding]) -> list[Finding]:
    """The first findings of each rule."""
    told: Counter[str] = Counter()
    kept = []
    for finding in findings:
        told[finding.rule] += 1
        if told[finding.rule] <= MOST_OF_A_RULE:
            kept.append(finding)
    return kept


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:69]}…"


def _report(project: Project, path: Path, made: Imported, *, dry_run: bool) -> dict[str, Any]:
    from newsletter.issue.drafts.understood import understood

    found = understood(made.issue)
    report: dict[str, Any] = {
        "path": str(project.shown(path)),
        "written": not dry_run,
        "subject": made.issue.subject,
        "date": made.issue.date.isoformat(),
        "bullets": [{"text": text, "story": story} for text, story in found.bullets],
        "stories": [dataclasses.asdict(story) for story in found.stories],
        "pictures": found.pictures,
        "links": found.links,
        "outside": found.outside,
        "findings": [dataclasses.asdict(finding) for finding in made.findings],
    }
    if dry_run:
        report["text"] = made.text
    return report
