"""``newsletter dkim``: keys that sign letters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import WholeLines, json_option, with_project
from newsletter.cli.output import say, say_json, warn

if TYPE_CHECKING:
    from newsletter.delivery.dkim.keys import SigningKey
    from newsletter.project import Project


@click.group(cls=WholeLines)
def command() -> None:
    """Make the keys that sign your letters, and show their DNS records."""


@command.command("keygen")
@click.option("--selector", metavar="NAME", help="Name of the key in the DNS.  [letter-YEAR-MONTH]")
@click.option("--domain", metavar="DOMAIN", help="Who signs, if not the domain in from.")
@click.option("--ed25519", is_flag=True, help="A short modern key, for a second signature.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the key goes.  [.newsletter/dkim-NAME.pem]",
)
@json_option
@with_project
def keygen(
    project: Project,
    selector: str | None,
    domain: str | None,
    output: Path | None,
    *,
    ed25519: bool,
    as_json: bool,
) -> None:
    """Make a key, and say what to put into the DNS and into newsletter.toml.

    The private key is written for you alone (mode 600), never over another file, and nowhere where
    git would take it in.
    """
    from newsletter.delivery.dkim.configured import signing_domain
    from newsletter.delivery.dkim.key_file import write_key_file
    from newsletter.delivery.dkim.keys import new_key

    from_domain = project.sender.domain
    signs = signing_domain(domain or project.settings.dkim.domain, from_domain)
    key = new_key(signs, _selector(selector, ed25519=ed25519), is_ed25519=ed25519)
    file = output or project.state_folder / f"dkim-{key.selector}.pem"
    write_key_file(file, key.pem())
    if as_json:
        say_json({**_described(key), "file": str(file)})
        return
    say(f"The private key is in {project.shown(file)}. Keep it as you keep a password.")
    say()
    say("1. Put this record into the DNS:", bold=True)
    _show_record(key)
    say()
    say(
        "2. Then put these lines into newsletter.toml, behind all that is not in a table:",
        bold=True,
    )
    say()
    say("[dkim]")
    for setting, value in _settings(key, file, project).items():
        say(f'{setting} = "{value}"')


@command.command("show")
@json_option
@with_project
def show(project: Project, *, as_json: bool) -> None:
    """Print the DNS records of the keys that newsletter.toml names."""
    from newsletter.errors import ConfigurationError

    keys = project.signing_keys()
    if not keys:
        raise ConfigurationError(
            "newsletter.toml names no key: letters are not signed",
            "Make one: newsletter dkim keygen",
        )
    if as_json:
        say_json([_described(key) for key in keys])
        return
    for number, key in enumerate(keys):
        if number:
            say()
        say(f"{key.domain} signs by {key.algorithm} ({key.bits} bits):", bold=True)
        _show_record(key)
        if key.is_weak:
            warn("This key is short: make one of 2048 bits with newsletter dkim keygen.")


def _selector(wished: str | None, *, ed25519: bool) -> str:
    from newsletter.delivery.dkim.options import check_selector
    from newsletter.project import today

    # A new key needs a new name, as mail that the old one signed is still under way; the month
    # makes it new, and says how old it is.
    usual = f"letter-{today():%Y-%m}{'-ed25519' if ed25519 else ''}"
    try:
        return check_selector(wished or usual)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--selector") from error


def _described(key: SigningKey) -> dict[str, Any]:
    from newsletter.delivery.dkim.record import record

    public = record(key)
    return {
        "domain": key.domain,
        "selector": key.selector,
        "algorithm": key.algorithm,
        "bits": key.bits,
        "record": {"type": "TXT", "name": public.name, "value": public.value, "zone": public.zone},
    }


def _show_record(key: SigningKey) -> None:
    from newsletter.delivery.dkim.record import record

    public = record(key)
    say(f"   Name:  {public.name}")
    say("   Type:  TXT")
    say(f"   Value: {public.value}")
    say("   or, as a line of a zone file:")
    say(public.zone)


def _settings(key: SigningKey, file: Path, project: Project) -> dict[str, str]:
    prefix = "ed25519_" if key.is_ed25519 else ""
    place = file.absolute()
    if place.is_relative_to(project.root):
        place = place.relative_to(project.root)
    lines = {f"{prefix}selector": key.selector, f"{prefix}key_file": place.as_posix()}
    if key.domain != project.sender.domain.lower():
        return {"domain": key.domain, **lines}
    return lines
