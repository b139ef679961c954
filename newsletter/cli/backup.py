"""``newsletter backup``."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json

if TYPE_CHECKING:
    from newsletter.project import Project


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    help="The new file, or a folder; without it, .newsletter/backups.",
)
@click.option("--with-keys", is_flag=True, help="Also the keys, which are kept apart from it.")
@json_option
@with_project
def command(project: Project, output: str | None, *, with_keys: bool, as_json: bool) -> None:
    """Copy the database into one file, also while an issue goes out, and check the copy.

    An encrypted database gives an encrypted copy under the same key. The newsletter's keys are not
    in it unless you say so: without them nobody can make links of readers, but nobody can use the
    copy either. Keep a copy of them somewhere else.
    """
    from newsletter.database.backup import back_up

    _refuse_on_server(project)
    now = datetime.datetime.now(datetime.UTC)
    target = _choose(project, output, now)
    manifest = back_up(
        project.database_file,
        project.database_key,
        target,
        now,
        keys_file=project.keys_file if with_keys else None,
    )
    if as_json:
        say_json(
            {
                "file": str(target),
                "made_at": manifest.made_at,
                "schema": manifest.schema,
                "encrypted": manifest.encrypted,
                "with_keys": manifest.has_keys,
                "bytes": target.stat().st_size,
                "sha256": manifest.digests,
                "rows": manifest.rows,
            }
        )
        return
    size = count(target.stat().st_size, "byte")
    say(f"Wrote {target} ({size}, {count(sum(manifest.rows.values()), 'row')}), and checked it.")
    if not manifest.encrypted:
        say("It is not encrypted: whoever has the file has your readers' addresses.")
    if not manifest.has_keys:
        say(f"The keys are not in it. Keep a copy of them somewhere else: {project.keys_file}")
    say(f"Put it back with: newsletter restore {target}")


def _choose(project: Project, output: str | None, now: datetime.datetime) -> Path:
    """The file to write, in a folder that exists and where git does not take it in."""
    from newsletter.audience.git import could_be_committed
    from newsletter.errors import DatabaseError

    name = f"newsletter-{now:%Y-%m-%dT%H%M%SZ}.backup"
    if output is None:
        folder = project.state_folder / "backups"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = folder / name
    else:
        place = Path(output)
        if output.endswith(("/", os.sep)) and not place.is_dir():
            # The disk is not mounted, say: a file of that name is not what was meant.
            raise DatabaseError(f"there is no folder {place}", "Make it first.")
        target = place / name if place.is_dir() else place
    if not target.parent.is_dir():
        raise DatabaseError(f"there is no folder {target.parent}", "Make it first.")
    if could_be_committed(target.resolve()):
        raise DatabaseError(
            f"{target}: git would take it in",
            "Readers' data does not belong there. Choose a place outside, or in .newsletter/.",
        )
    return target


def _refuse_on_server(project: Project) -> None:
    if not project.settings.database:
        return
    from newsletter.database.location import Location
    from newsletter.errors import DatabaseError

    url = Location.parse(project.settings.database).for_libpq()
    raise DatabaseError(
        "the database is on a server: PostgreSQL's own program backs it up",
        f"Run: pg_dump --format=custom --no-owner --file=newsletter.dump '{url}'\n"
        f"The keys are in a file of their own, keep a copy of it, too: {project.keys_file}",
    )
