"""``newsletter restore``."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json

if TYPE_CHECKING:
    from newsletter.project import Project


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help="Also put back the keys, if they are in it.")
@json_option
@with_project
def command(project: Project, file: Path, *, with_keys: bool, as_json: bool) -> None:
    """Put a backup into the place of the database, after all of it has been checked.

    FILE is what newsletter backup has written. The present database is kept beside the new one.
    Stop serve, preview and worker first. The next send is refused if something was sent after the
    copy was made.
    """
    from newsletter.database.backup import restore
    from newsletter.delivery.generation import distrust
    from newsletter.delivery.lock import sending_alone

    _refuse_on_server(project)
    now = datetime.datetime.now(datetime.UTC)
    with sending_alone(project.state_folder):
        done = restore(
            file,
            project.database_file,
            project.database_key,
            now,
            keys_file=project.keys_file if with_keys else None,
        )
        distrust(project.state_folder, now)
    made_at = done.manifest.made_at
    if as_json:
        say_json(
            {
                "database": str(project.database_file),
                "made_at": made_at,
                "schema": done.manifest.schema,
                "encrypted": done.manifest.encrypted,
                "rows": done.manifest.rows,
                "kept": str(done.kept) if done.kept else None,
                "keys": done.keys,
                "kept_keys": str(done.kept_keys) if done.kept_keys else None,
            }
        )
        return
    rows = count(sum(done.manifest.rows.values()), "row")
    say(f"Put back the database of {made_at.astimezone():%Y-%m-%d %H:%M} ({rows}).")
    for kept in filter(None, (done.kept, done.kept_keys)):
        say(f"What was there before is in {kept}: delete it when all is well.")
    if with_keys and not done.keys:
        say("There are no keys in this backup: those at hand stay.")
    elif done.manifest.has_keys and not done.keys:
        say("The keys in it were left alone; put them back with --with-keys.")
    say("Whoever unsubscribed or was forgotten after that time is as they were then: do it again.")
    say("If something was sent after that time, the next send is refused until --accept-restore.")


def _refuse_on_server(project: Project) -> None:
    if not project.settings.database:
        return
    from newsletter.database.location import Location
    from newsletter.errors import DatabaseError

    url = Location.parse(project.settings.database).for_libpq()
    raise DatabaseError(
        "the database is on a server: PostgreSQL's own program puts it back",
        "Stop everything that uses it, then run: pg_restore --clean --if-exists --no-owner "
        f"--single-transaction --dbname='{url}' newsletter.dump",
    )
