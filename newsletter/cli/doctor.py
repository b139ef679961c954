"""``newsletter doctor``."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, warn

if TYPE_CHECKING:
    from newsletter.probes.addresses import IPAddress
    from newsletter.probes.doctor.checkup import Checkup
    from newsletter.probes.doctor.lookups import LookUps
    from newsletter.project import Project

MARKS = {"error": "✗", "unchecked": "?", "warning": "!", "ok": "✓"}
COLOURS = {"error": "red", "unchecked": "cyan", "warning": "yellow", "ok": "green"}


@click.command()
@click.option(
    "--direct",
    multiple=True,
    metavar="IP",
    help="An address that letters come from; look at its name, and whether SPF lists it.",
)
@click.option(
    "--selector",
    "selectors",
    multiple=True,
    metavar="NAME[:DOMAIN]",
    help="The DKIM key of a relay that signs; DOMAIN if not that of the sender.",
)
@click.option(
    "--nameserver", default="", metavar="IP[:PORT]", help="Whom to ask, if not the usual one."
)
@json_option
@with_project
def command(
    project: Project,
    direct: Sequence[str],
    selectors: Sequence[str],
    nameserver: str,
    *,
    as_json: bool,
) -> int:
    """Look at your set-up before the first send: relay, DNS, web pages, this machine, git.

    Nothing is mailed. 0: no errors. 1: errors. 3: something essential could not be checked.
    """
    from newsletter.cli.doctor_set_up import outside, set_up
    from newsletter.probes.doctor.examine import examine

    addresses = tuple(map(_address, direct))
    lookups = _lookups(nameserver)
    checkups = examine(set_up(project, addresses, selectors), outside(lookups))
    if as_json:
        say_json([dataclasses.asdict(checkup) for checkup in checkups])
    else:
        _show(checkups)
    return exit_code(checkups)


def exit_code(checkups: Sequence[Checkup]) -> int:
    """0 if a send may start, 1 if something is wrong, 3 if that is not known."""
    if any(checkup.level == "error" for checkup in checkups):
        return 1
    return 3 if any(c.level == "unchecked" and c.is_essential for c in checkups) else 0


def _show(checkups: Sequence[Checkup]) -> None:
    for group, members in itertools.groupby(checkups, key=lambda checkup: checkup.group):
        say(f"{group.value[:1].upper()}{group.value[1:]}", bold=True)
        for checkup in members:
            level = checkup.level.value
            mark = click.style(f"{MARKS[level]} {level}:", fg=COLOURS[level])
            say(f"  {mark} {checkup.what}: {checkup.said}.")
            if checkup.hint:
                say(f"      {checkup.hint}")
    numbers = {level: sum(c.level == level for c in checkups) for level in MARKS}
    said = [count(numbers["error"], "error")] * bool(numbers["error"])
    said += [count(numbers["warning"], "warning")] * bool(numbers["warning"])
    said += [f"{numbers['unchecked']} could not be checked"] * bool(numbers["unchecked"])
    said += [f"{numbers['ok']} fine"]
    warn(f"{', '.join(said)}.")


def _address(text: str) -> IPAddress:
    try:
        return ip_address(text)
    except ValueError:
        raise click.UsageError(f"--direct: {text!r} is not an IP address") from None


def _lookups(nameserver: str) -> LookUps:
    from newsletter.probes.doctor.lookups import LookUps

    try:
        return LookUps.at(nameserver)
    except ValueError as error:
        raise click.UsageError(f"--nameserver: {error}") from None
