"""``newsletter database new-key, encrypt, rekey, decrypt, shred-key``: the key of the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import with_project
from newsletter.cli.output import count, say, warn

if TYPE_CHECKING:
    from newsletter.database.encryption import DatabaseKey
    from newsletter.project import Project


_IN_CLEAR = b"SQLite format 3\0"
"""How a file begins that is not encrypted (SQLite's file format, section 1.3.1)."""


@click.command("new-key")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--keyring", "account", metavar="ACCOUNT", help="Into the system's keyring.")
@with_project
def new_key_(project: Project, file: Path | None, account: str | None) -> None:
    """Make a key for the database and put it into FILE, or into the system's keyring.

    Nothing is encrypted yet. Keep a copy of the key apart from the database and its backups: if it
    is lost, all of them are.
    """
    from newsletter.database.encryption import keep_in_keyring, new_key
    from newsletter.delivery.dkim.key_file import write_key_file

    if (file is None) == (account is None):
        raise click.UsageError("Name a FILE, or an account: --keyring ACCOUNT.")
    if account is not None:
        keep_in_keyring(account, new_key())
        setting = f"database_keyring = {json.dumps(account)}"
        say(f"Made a key; the keyring has it as {account}.")
    elif file is not None:
        write_key_file(file, f"{new_key()}\n".encode())
        setting = f"database_key_file = {json.dumps(str(file.resolve()))}"
        say(f"Made a key: {file} (mode 600). Keep a copy of it somewhere else.")
    say("To use it, write into newsletter.toml:")
    say(f"  {setting}")
    if project.has_database and not project.settings.database:
        say("Then encrypt what there is: newsletter database encrypt")


@click.command("encrypt")
@with_project
def encrypt(project: Project) -> None:
    """Encrypt the database's file with the key that the settings name.

    The new file is written and compared before it takes the place of the old one, whose bytes are
    overwritten. Stop serve, preview and worker first.
    """
    from newsletter.errors import ConfigurationError

    key = project.database_key
    if key is None:
        raise ConfigurationError(
            "there is no key to encrypt the database with",
            "Make one with: newsletter database new-key FILE",
        )
    say(f"Encrypted: {_convert(project, None, key)}.")
    say("Backups and copies from before are not encrypted: delete them.")
    _warn_of_plain_copies(project)
    _say_what_remains()


@click.command("decrypt")
@with_project
def decrypt(project: Project) -> None:
    """Write the database's file without encryption. Take the key out of the settings afterwards."""
    key = _present_key(project)
    say(f"Decrypted: {_convert(project, key, None)}.")
    say("Now take the key out of the settings; but keep it for the backups from before.")


@click.command("rekey")
@click.option("--new-key-file", type=click.Path(path_type=Path), help="The file of the new key.")
@with_project
def rekey(project: Project, new_key_file: Path | None) -> None:
    """Encrypt the database's file with another key.

    The new key is in a file, or in the variable NEWSLETTER_DATABASE_NEW_KEY. Backups from before
    keep the old one.
    """
    from newsletter.database.encryption import DatabaseKey, find_key
    from newsletter.environment import ENVIRONMENT
    from newsletter.errors import ConfigurationError

    key = _present_key(project)
    variable = "NEWSLETTER_DATABASE_NEW_KEY"
    if new_key_file is None and variable in ENVIRONMENT:
        new: DatabaseKey | None = DatabaseKey.parse(ENVIRONMENT[variable], variable)
    else:
        new = find_key("", new_key_file, "")
    if new is None or new == key:
        raise ConfigurationError(
            "there is no new key" if new is None else "the new key is the present one",
            f"Name it with --new-key-file FILE, or set {variable}.",
        )
    say(f"Encrypted with the new key: {_convert(project, key, new)}.")
    say("Now put the new key where the settings look for it; keep the old one for old backups.")
    _say_what_remains()


@click.command("shred-key")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_project
def shred_key_(project: Project, *, yes: bool) -> None:
    """Destroy the key, in an emergency: nobody can read the database any more, nor its backups.

    It takes a moment, however long the list is. Copies of the key that are elsewhere still open
    backups. Programs that are running go on until they are stopped.
    """
    from newsletter.database.shredding import shred_key
    from newsletter.errors import ConfigurationError

    s = project.settings
    if s.database_key or not (s.database_key_file or s.database_keyring):
        raise ConfigurationError(
            "the key is not in a file or a keyring of this machine",
            "Destroy it where it is kept.",
        )
    if not yes:
        click.confirm("Destroy the key? Without a copy of it, all readers are lost.", abort=True)
    file = project.root / s.database_key_file if s.database_key_file else None
    shred_key(file, s.database_keyring, project.database_file)
    say("The key is destroyed. Now stop whatever still runs: serve, preview, worker, send.")
    _warn_of_plain_copies(project)


def _convert(project: Project, old: DatabaseKey | None, new: DatabaseKey | None) -> str:
    from newsletter.database.conversion import convert
    from newsletter.delivery.lock import sending_alone
    from newsletter.errors import DatabaseError

    if project.settings.database:
        raise DatabaseError(
            "the database is on a server: newsletter encrypts files only",
            "Encrypt the disk of the server, and its backups.",
        )
    with sending_alone(project.state_folder):
        found = convert(project.database_file, old, new)
    return f"{project.database_file}, {count(sum(found.rows.values()), 'row')}, all compared"


def _present_key(project: Project) -> DatabaseKey:
    from newsletter.errors import ConfigurationError

    if project.database_key is None:
        raise ConfigurationError(
            "there is no key for the database", "Set it as it was set when it was encrypted."
        )
    return project.database_key


def _warn_of_plain_copies(project: Project) -> None:
    """Name what ``restore`` has kept beside the database and anybody can read."""
    file = project.database_file
    for copy in sorted(file.parent.glob(f"{file.name}.*")):
        if copy.is_file() and copy.stat().st_size:
            with copy.open("rb") as stream:
                if stream.read(len(_IN_CLEAR)) == _IN_CLEAR:
                    warn(f"Anybody who has this file can read it: {project.shown(copy)}")


def _say_what_remains() -> None:
    say(
        "The old file was overwritten. On an SSD, and where the file system keeps old versions, "
        "its bytes may still be found: encrypt the disk, too."
    )
