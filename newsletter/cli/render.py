"""``newsletter render``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import issue_argument, with_project
from newsletter.cli.output import count, say, warn

if TYPE_CHECKING:
    from newsletter.project import Project


@click.command()
@issue_argument
@click.option(
    "-o",
    "--output",
    default="rendered",
    show_default=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the files go.",
)
@with_project
def command(project: Project, issue: str | None, output: Path) -> None:
    """Write an issue as SLUG.html, SLUG.txt and SLUG.eml, as a sample reader would get it."""
    from newsletter.delivery.export import write_files
    from newsletter.findings import Severity

    manuscript = project.manuscript(project.find(issue))
    galley = project.render(manuscript)
    for path in write_files(galley.edition, project.sender, output):
        say(str(path))
    findings = project.lint(manuscript, galley)
    if errors := sum(finding.severity is Severity.ERROR for finding in findings):
        warn(f"{count(errors, 'error')} must be mended before it can be sent: newsletter check")
