"""``newsletter send --test``: copies for the people who make the letter."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import count, say, say_json, warn
from newsletter.cli.send_report import checks

if TYPE_CHECKING:
    from newsletter.delivery.outcome import Outcome
    from newsletter.project import Project


def addresses(values: Sequence[str]) -> tuple[str, ...]:
    """The addresses in the values of ``--test``, each once.

    Raises:
        BadParameter: One is not an address.
    """
    from newsletter.delivery.address import AddressError, wire_address

    found = [part.strip() for value in values for part in value.split(",")]
    for address in found:
        try:
            wire_address(address)
        except AddressError as error:
            raise click.BadParameter(f"{address!r}: {error}", param_hint="'--test'") from error
    return tuple(dict.fromkeys(found))


def send_test(project: Project, path: Path, to: Sequence[str], *, as_json: bool) -> int:
    """Send proofs of an issue, drafts and issues with findings too; returns the exit code.

    Raises:
        SendRefusedError: Links in it could not work, or no message can be made of it.
        TransportError: The transport is out of reach or broken.
    """
    from newsletter.delivery import gate
    from newsletter.delivery.outcome import Accepted
    from newsletter.delivery.proof import send_proofs

    manuscript = project.manuscript(path)
    galley = project.render(manuscript)
    edition, findings = galley.edition, project.lint(manuscript, galley)
    now = datetime.datetime.now().astimezone()
    transport = project.transport()
    gate.links_will_work(transport, project.sender)
    gate.message_can_be_made(edition, project.sender, now)
    if findings:
        warn(f"{path.stem} has {checks(findings)}; see: newsletter check {path.stem}")
    signer = project.signer()
    outcomes = list(send_proofs(edition, project.sender, to, transport, now, signer))
    if as_json:
        say_json([_plain(address, outcome) for address, outcome in outcomes])
    else:
        for address, outcome in outcomes:
            if not isinstance(outcome, Accepted):
                warn(f"{address}: {outcome.reason}")
    taken = sum(isinstance(outcome, Accepted) for _, outcome in outcomes)
    if taken and not as_json:
        say(f"{count(taken, 'proof')} of {path.stem} handed to {transport.describe()}.")
    return 0 if taken == len(outcomes) else 1


def _plain(address: str, outcome: Outcome) -> dict[str, str]:
    from newsletter.delivery.outcome import Accepted

    return {
        "address": address,
        "outcome": type(outcome).__name__.lower(),
        "detail": outcome.reply if isinstance(outcome, Accepted) else outcome.reason,
    }
