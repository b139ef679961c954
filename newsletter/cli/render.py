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
    """Write an issue as a sample reader would get it, and as it stands on the web.

    The letter is SLUG.html, SLUG.txt and SLUG.eml. The web version is SLUG.web.html, a page without
    any reader's data for the address in ARCHIVE_URL; its pictures are in the folder "pictures"
    beside it, unless they are hosted (ASSETS_URL). Upload both.
    """
    from newsletter.delivery.export import write_files
    from newsletter.files import write_atomically
    from newsletter.findings import Severity
    from newsletter.render.web import PICTURES
    from newsletter.sending.sender import sample_sender

    manuscript = project.manuscript(project.find(issue))
    galley = project.render(manuscript)
    sender = sample_sender(project, manuscript.issue)
    for path in write_files(galley.edition, sender, output):
        say(str(path))
    page = project.render_web(manuscript)
    # The page is last: it never shows a picture that is not there yet.
    pages: dict[Path, bytes | str] = {
        **{output / PICTURES / name: data for name, data in page.pictures.items()},
        output / f"{manuscript.slug}.web.html": page.html,
    }
    for path, content in pages.items():
        write_atomically(path, content)
        say(str(path))
    findings = project.lint(manuscript, galley)
    if errors := sum(finding.severity is Severity.ERROR for finding in findings):
        warn(f"{count(errors, 'error')} must be mended before it can be sent: newsletter check")
