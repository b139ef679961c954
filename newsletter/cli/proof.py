"""``newsletter proof``."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import issue_argument, json_option, with_project
from newsletter.cli.output import count, say, say_json, warn
from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from newsletter.preview.proof_sheet.sheet import Sheet
    from newsletter.project import Project

STANDARD_OUTPUT = Path("-")


@click.command()
@issue_argument
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Where the proof goes; - is standard output. Without it, SLUG-proof.html.",
)
@click.option(
    "--against",
    metavar="REV",
    help="What to compare with: a commit, branch or tag of git. Without it, the version that was "
    "proofed last.",
)
@click.option(
    "--screenshots",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Draw the letter as PNG files into this folder, too, by the Chromium, Chrome or Edge of "
    "this machine.",
)
@click.option("--force", is_flag=True, help="Replace a file that is no proof.")
@json_option
@with_project
def command(
    project: Project,
    issue: str | None,
    output: Path | None,
    against: str | None,
    screenshots: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> None:
    """Make a proof: one HTML file that shows an issue in every way readers meet it.

    The letter on screens and phones, in the dark, without pictures and as plain text, how inboxes
    list it, what check finds, and what changed. The file needs nothing else, so it can be mailed.

    Exit code 0 whatever check finds; 1 if there is no letter to show.
    """
    from newsletter.files import write_atomically
    from newsletter.preview.proof_sheet.earlier import remember, since_last_proof, since_revision
    from newsletter.preview.proof_sheet.page import page
    from newsletter.preview.proof_sheet.screenshots import Browser
    from newsletter.preview.proof_sheet.sheet import make_sheet

    if as_json and output == STANDARD_OUTPUT:
        raise click.UsageError("--json and -o - both write to standard output; choose one.")
    path = project.find_own(issue)
    output = output or Path(f"{path.stem}-proof.html")
    _keep_what_is_no_proof(output, force=force)
    browser = Browser.find() if screenshots else None
    manuscript = project.manuscript(path)
    compared = since_revision(manuscript, against) if against else None
    compared = compared or since_last_proof(project, manuscript)
    now = datetime.datetime.now().astimezone()
    sheet = make_sheet(project, manuscript, compared, now)
    pictures = browser.take(sheet.views) if browser else {}
    drawn = [(screenshots or Path()) / f"{sheet.slug}-{name}.png" for name in pictures]
    for file, picture in zip(drawn, pictures.values(), strict=True):
        write_atomically(file, picture)
    if output == STANDARD_OUTPUT:
        sys.stdout.buffer.write(page(sheet).encode())
    else:
        write_atomically(output, page(sheet))
    remember(project, manuscript, now)
    if as_json:
        files = {"path": str(output), "screenshots": [str(file) for file in drawn]}
        say_json({**sheet.summary(), **files})
    else:
        _say(sheet, output, drawn)


def _keep_what_is_no_proof(output: Path, *, force: bool) -> None:
    from newsletter.preview.proof_sheet.page import is_proof

    if force or output == STANDARD_OUTPUT or not output.exists() or is_proof(output):
        return
    raise NewsletterError(
        f"{output} is there already and is no proof",
        "Choose another name with -o, or replace it with --force.",
    )


def _say(sheet: Sheet, output: Path, drawn: list[Path]) -> None:
    is_piped = output == STANDARD_OUTPUT
    for line in (sheet.verdict.words, *([] if is_piped else [str(output)]), *map(str, drawn)):
        if is_piped:
            warn(line)
        else:
            say(line)
    if sheet.verdict.failed:
        warn(str(sheet.verdict))
    if sheet.remote:
        warn(f"Not shown, as a proof asks nobody: {count(len(sheet.remote), 'picture')} on the web")
