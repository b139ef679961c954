"""``newsletter archive``: your letters as pages for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import WholeLines, json_option, with_project
from newsletter.cli.output import count, say, say_json, warn

if TYPE_CHECKING:
    from newsletter.project import Project
    from newsletter.web.archive.entry import Entry
    from newsletter.web.archive.gather import Gathered
    from newsletter.web.archive.static import Built


@click.group(cls=WholeLines)
def command() -> None:
    """Put your letters on the web: an index, a page for each, feeds."""


@command.command("build")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the files go.",
)
@click.option(
    "--base-url",
    default="",
    metavar="URL",
    help="Where this copy will stand, if not at ARCHIVE_URL: the address of a mirror.",
)
@click.option(
    "--sent-only/--all",
    "sent_only",
    default=None,
    help="Only issues that have been sent, or all that are no drafts. Without either: those that "
    "have been sent if there is a database, else all.",
)
@json_option
@with_project
def build(
    project: Project, output: Path, base_url: str, *, sent_only: bool | None, as_json: bool
) -> int:
    """Write the archive as files: for any web server, a mirror, or a disk that is passed on.

    Links between pages are relative: the folder works anywhere, also without a network. Equal
    issues give equal bytes. What an earlier build made and this one does not is taken away, nothing
    else; a folder that holds other files is refused the first time.

    Exit code 1 if an issue cannot be read; all others are written, and nothing is taken away.
    """
    from newsletter.errors import ConfigurationError
    from newsletter.web.archive.addresses import Addresses
    from newsletter.web.archive.gather import gather
    from newsletter.web.archive.place import not_among_sources
    from newsletter.web.archive.sent import Sent
    from newsletter.web.archive.site import Site
    from newsletter.web.archive.static import build as write

    if base_url and not base_url.startswith(("http://", "https://")):
        raise ConfigurationError(
            f"--base-url {base_url} is no web address", "Write it with https://, or http://."
        )
    keys = project.keys_file.parent
    not_among_sources(project.root, output, () if keys == project.root else (keys,))
    only = project.has_database if sent_only is None else sent_only
    gathered = gather(project, Sent(project).look() if only else None)
    addresses = Addresses.of_files(project.settings, base_url)
    site = Site(project, gathered.collection, addresses)
    built = write(site, output, remove=not gathered.broken)
    if as_json:
        say_json(_plain(gathered, built, output, sent_only=only))
    else:
        _show(gathered, built, output, sent_only=only, has_address=bool(addresses.root))
    return int(bool(gathered.broken or gathered.misnamed))


def _plain(gathered: Gathered, built: Built, output: Path, *, sent_only: bool) -> dict[str, object]:
    import dataclasses

    return {
        "output": str(output),
        "sent_only": sent_only,
        "issues": [entry.slug for entry in gathered.collection.entries],
        "languages": sorted({entry.language for entry in gathered.collection.entries}),
        "findings": [
            dataclasses.asdict(finding)
            for findings in gathered.broken.values()
            for finding in findings
        ],
        "misnamed": gathered.misnamed,
        **dataclasses.asdict(built),
    }


def _show(
    gathered: Gathered, built: Built, output: Path, *, sent_only: bool, has_address: bool
) -> None:
    for findings in gathered.broken.values():
        for finding in findings:
            warn(str(finding))
    for path in gathered.broken:
        warn(f"Left out: {path.name} is not a valid issue.")
    for slug in gathered.misnamed:
        warn(f"Left out: {slug} is the name of a page of the archive. Rename the file.")
    for name in built.kept:
        warn(f"Left there: {name} was changed by somebody since it was made.")
    entries = gathered.collection.entries
    which = "sent" if sent_only else "not drafts"
    done = f"{len(built.written):,} written, {len(built.removed):,} removed"
    files = len(built.written) + built.same
    say(f"{_how_many(entries)} ({which}), {count(files, 'file')} in {output}: {done}.")
    if not entries and sent_only:
        say("Only issues that have been sent are public. To take all others as well: --all")
    if not has_address:
        say("There are no feeds: they need an address. Set archive_url, or give --base-url.")
    say(f"Look at it: {(output / 'index.html').resolve().as_uri()}")


def _how_many(entries: Sequence[Entry]) -> str:
    """``12 issues in 2 languages``: an issue in two languages is one issue."""
    languages = len({entry.language for entry in entries})
    issues = count(len({entry.family for entry in entries}), "issue")
    return f"{issues} in {languages} languages" if languages > 1 else issues
