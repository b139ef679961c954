"""``newsletter database``: where readers and sendings are kept."""

from __future__ import annotations

import contextlib
import datetime
import json
from typing import TYPE_CHECKING

import click

from newsletter.cli.database_key import decrypt, encrypt, new_key_, rekey, shred_key_
from newsletter.cli.options import WholeLines, json_option, with_project
from newsletter.cli.output import count, say, say_json, table, warn

if TYPE_CHECKING:
    from newsletter.project import Project

FILE = "sqlite"
"""Stands for the file in the project's own folder."""
_NOUNS = {
    "address_changes": ("change of address", "changes of address"),
    "deliveries": ("delivery", "deliveries"),
    "feedback": ("piece of feedback", "pieces of feedback"),
}


@click.group(cls=WholeLines)
def command() -> None:
    """See where readers and sendings are kept, encrypt them, move them: a file or PostgreSQL."""


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
    encrypted = database.path is not None and project.database_key is not None
    if as_json:
        say_json(
            {
                "database": database.name,
                "kind": database.dialect,
                "encrypted": encrypted,
                "schema": HEAD,
                "rows": rows,
            }
        )
        return
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database.dialect]
    said = ", encrypted" if encrypted else ""
    say(f"{kind}: {database.name} (schema {HEAD}{said})")
    if database.path is None and project.database_key is not None:
        warn("The key is for a file: what is on the server is not encrypted by newsletter.")
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
        key = project.database_key if target == FILE else None
        # The file in the project belongs to the project's keys. A database on a server gets to
        # know them with all else: until it is known to be empty, it could be another newsletter's.
        keys = source.keys if target == FILE else None
        other = Database.open(place, password, keys=keys, database_key=key)
        stack.enter_context(contextlib.closing(other))
        if other.name == source.name:
            raise DatabaseError(
                f"database {source.name} is in use already", "Name the one to move to."
            )
        copied = copy(source, other, datetime.datetime.now(datetime.UTC))
    rows = {each.table: each.rows for each in copied if each.rows and each.table != "facts"}
    said = ", ".join(count(number, *_nouns(name)) for name, number in rows.items())
    say(f"Copied to {other.name} and compared: {said or 'nothing, it was empty'}.")
    say("To use it from now on, write into newsletter.toml:")
    say(f"  database = {json.dumps('' if target == FILE else other.name)}")
    if target != FILE:
        say("A password does not belong there: set NEWSLETTER_DATABASE_PASSWORD, or use ~/.pgpass.")
    say(f"What was there before is still in {source.name}: delete it when all is well.")


def _nouns(name: str) -> tuple[str, str]:
    """What one row of a table is called, and several."""
    plural = name.replace("_", " ")
    return _NOUNS.get(name, (plural.removesuffix("s"), plural))


for each in (new_key_, encrypt, rekey, decrypt, shred_key_):
    command.add_command(each)
