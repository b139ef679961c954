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
    from newsletter.delivery.message import Sender
    from newsletter.delivery.outcome import Outcome
    from newsletter.project import Project
    from newsletter.render.edition import Edition


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


def send_test(
    project: Project,
    files: Sequence[Path],
    to: Sequence[str],
    languages: Sequence[str] = (),
    *,
    as_json: bool,
) -> int:
    """Send proofs of an issue, drafts and issues with findings too; returns the exit code.

    Args:
        project: The newsletter.
        files: The issue in one language or several.
        to: Addresses; each gets a proof in each language.
        languages: Which of them (BCP 47); all without any.
        as_json: Whether to print JSON.

    Raises:
        NotFoundError: The issue is not there in one of the languages.
        ManuscriptError: A file is not a valid issue.
        SendRefusedError: Links in it could not work, or no message can be made of it.
        TransportError: The transport is out of reach or broken.
    """
    from newsletter.delivery import gate
    from newsletter.delivery.outcome import Accepted
    from newsletter.delivery.proof import send_proofs
    from newsletter.issue.siblings import shared_slug
    from newsletter.sending.sender import sample_sender

    now = datetime.datetime.now().astimezone()
    transport, signer = project.transport(), project.signer()
    letters: list[tuple[Edition, Sender]] = []
    for file in _in_languages(project, files, languages):
        manuscript = project.manuscript(file)
        galley = project.render(manuscript)
        sender = sample_sender(project, manuscript.issue)
        gate.links_will_work(transport, sender)
        gate.message_can_be_made(galley.edition, sender, now)
        letters.append((galley.edition, sender))
        if findings := project.lint(manuscript, galley):
            warn(f"{file.stem} has {checks(findings)}; see: newsletter check {file.stem}")
    outcomes: list[tuple[Edition, str, Outcome]] = []
    for edition, sender in letters:
        handed = send_proofs(edition, sender, to, transport, now, signer)
        outcomes += [(edition, address, outcome) for address, outcome in handed]
    if as_json:
        say_json([_plain(*each) for each in outcomes])
    else:
        for _, address, outcome in outcomes:
            if not isinstance(outcome, Accepted):
                warn(f"{address}: {outcome.reason}")
    taken = sum(isinstance(outcome, Accepted) for _, _, outcome in outcomes)
    if taken and not as_json:
        what = letters[0][0].slug if len(letters) == 1 else shared_slug(files[0])
        tags = ", ".join(edition.language for edition, _ in letters)
        also = f" (in {tags})" if len(files) > 1 else ""
        say(f"{count(taken, 'proof')} of {what}{also} handed to {transport.describe()}.")
    return 0 if taken == len(outcomes) else 1


def _in_languages(
    project: Project, files: Sequence[Path], languages: Sequence[str]
) -> Sequence[Path]:
    """Those files that are in one of the languages."""
    from newsletter.errors import NotFoundError

    if not languages:
        return files
    known = {_language(project, file): file for file in files}
    for tag in languages:
        if tag.lower() not in known:
            raise NotFoundError(
                f"{files[0].stem} is not there in {tag!r}", f"It is there in: {', '.join(known)}"
            )
    return [known[tag.lower()] for tag in dict.fromkeys(languages)]


def _language(project: Project, file: Path) -> str:
    """The language of a file, in lower case; that in its name counts, for nothing need be read."""
    from newsletter.issue.siblings import language_in_name

    named = language_in_name(file)
    said = named or project.manuscript(file).issue.language or project.settings.language
    return said.lower()


def _plain(edition: Edition, address: str, outcome: Outcome) -> dict[str, str]:
    from newsletter.delivery.outcome import Accepted

    return {
        "address": address,
        "language": edition.language,
        "outcome": type(outcome).__name__.lower(),
        "detail": outcome.reply if isinstance(outcome, Accepted) else outcome.reason,
    }
