"""``newsletter keys``: the secrets that are kept apart from the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json

if TYPE_CHECKING:
    from newsletter.project import Project


@click.group()
def command() -> None:
    """See the keys that seal readers' links, and make new ones.

    They also hash the addresses that are never mailed. Keep a copy of their file apart from the
    database's backups: without it, links in letters that were sent stop working.
    """


@command.command("info")
@json_option
@with_project
def info(project: Project, *, as_json: bool) -> None:
    """Say where the keys are, and which; never the keys themselves."""
    keys = project.database.keys
    file = project.root / project.settings.keys_file
    if as_json:
        say_json({"file": str(file), "fingerprint": keys.fingerprint, "link_keys": len(keys.links)})
        return
    say(f"File: {project.shown(file)}")
    say(f"Fingerprint: {keys.fingerprint} (the same on all machines that share the database)")
    older = len(keys.links) - 1
    say(f"Links: sealed with the newest key; {count(older, 'older key')} for old links.")


@command.command("rotate")
@with_project
def rotate(project: Project) -> None:
    """Seal links with a new key from now on, as after a break-in.

    Unsubscribe links in letters that were sent go on working. Links to confirm, and to change
    one's settings, that are under way stop working; readers ask for new ones.
    """
    from newsletter.files import write_atomically

    file = Path(project.root / project.settings.keys_file)
    keys = project.database.keys.with_new_link_key()
    write_atomically(file, keys.dump(), mode=0o600)
    say("New links are sealed with a new key; unsubscribe links in old letters go on working.")
    say(f"Copy {project.shown(file)} to all machines that share the database.")
    say("Then restart newsletter serve.")
    say("Links under way, to confirm or to change settings, end; their page says how to go on.")
