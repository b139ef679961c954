"""``newsletter database``: where readers and sendings are kept."""

from __future__ import annotations

import contextlib
import datetime
import json
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, table

if TYPE_CHECKING:
    from newsletter.project import Project

FILE = "sqlite"
"""Stands for the file in the project's own folder."""


@click.group()
def command() -> None:
    """See where readers and sendings are kept, and move them: a file or PostgreSQL."""


@command.command("info")
@json_option
@with_project
def info(project: Project, *, as_json: bool) -> None:
    """Show which database is used, and how much is in it. No address is shown."""
    from newsletter.database.schema import HEAD
    from newsletter.database.transfer import count_rows
    from newsletter.errors import NotFoundError

    if not project.has_database:  # looking must not make one
        raise NotFoundError(
            f"there is no database yet; it will be {project.database_file}",
            "Import readers with: newsletter subscribers import FILE.csv",
        )
    database = project.database
    rows = count_rows(database)
    if as_json:
        say_json(
            {"database": database.name, "kind": database.dialect, "schema": HEAD, "rows": rows}
        )
        return
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database.dialect]
    say(f"{kind}: {database.name} (schema {HEAD})")
    table(("Table", "Rows"), ((name, f"{number:,}") for name, number in rows.items()))


@command.command("move")
@click.argument("target", metavar="TARGET")
@with_project
def move(project: Project, target: str) -> None:
    """Copy everything into an empty database, and say how to use it from then on.

    TARGET is the URL of a PostgreSQL database (postgresql://user@host/database), or "sqlite" for
    the file in the project. The present database stays as it is, and in use until you change the
    setting. Nothing is copied while a send is running.
    """
    from newsletter.database.engine import Database, is_url
    from newsletter.database.transfer import copy
    from newsletter.delivery.lock import sending_alone
    from newsletter.errors import DatabaseError

    if target != FILE and not is_url(target):
        raise click.BadParameter(
            f'write a URL (postgresql://user@host/database), or "{FILE}"', param_hint="TARGET"
        )
    password = project.settings.database_password
    source = project.database
    with contextlib.ExitStack() as stack:
        stack.enter_context(sending_alone(project.state_folder))
        place = project.database_file if target == FILE else target
        other = stack.enter_context(contextlib.closing(Database.open(place, password)))
        if other.name == source.name:
            raise DatabaseError(
                f"database {source.name} is in use already", "Name the one to move to."
            )
        copied = copy(source, other, datetime.datetime.now(datetime.UTC))
    said = ", ".join(count(each.rows, each.table[:-1], each.table) for each in copied if each.rows)
    say(f"Copied to {other.name} and compared: {said or 'nothing, it was empty'}.")
    say("To use it from now on, write into newsletter.toml:")
    say(f"  database = {json.dumps('' if target == FILE else other.name)}")
    if target != FILE:
        say("A password does not belong there: set NEWSLETTER_DATABASE_PASSWORD, or use ~/.pgpass.")
    say(f"What was there before is still in {source.name}: delete it when all is well.")
