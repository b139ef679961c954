"""``newsletter retry``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, warn
from newsletter.cli.sent import ask_for_slug, find_sent, now, roll_of, sent_argument, settle_dead
from newsletter.errors import AudienceError, SendRefusedError

if TYPE_CHECKING:
    from newsletter.project import Project


@click.command()
@sent_argument
@click.option("--failed", is_flag=True, help="Readers whose copy was refused for good.")
@click.option("--deferred", is_flag=True, help="Readers whose copy is to be tried later: now.")
@click.option("--unknown", is_flag=True, help="Readers who may have got it already.")
@click.option("--domain", default="", metavar="DOMAIN", help="Only readers there: example.com.")
@click.option("--dry-run", is_flag=True, help="Say how many, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@with_project
def command(
    project: Project,
    issue: str | None,
    *,
    failed: bool,
    deferred: bool,
    unknown: bool,
    domain: str,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Plan deliveries again that did not get through: exactly those, and nobody else.

    Nothing is sent until you send the issue again. ISSUE is a slug, a path, or left out for the
    issue that was sent last.
    """
    from newsletter.database.states import State

    wanted = {State.FAILED: failed, State.DEFERRED: deferred, State.UNKNOWN: unknown}
    states = [state for state, given in wanted.items() if given]
    if len(states) != 1:
        raise click.UsageError("Say whom, with one of: --failed, --deferred, --unknown.")
    its_domain = _a_label(domain) if domain else ""
    campaign = find_sent(project, issue)
    slug, roll = campaign.slug, roll_of(project, campaign)
    if now() >= roll.give_up_at:
        raise SendRefusedError(
            f"{slug} is too old: since {roll.give_up_at.astimezone():%Y-%m-%d %H:%M} "
            "nobody is mailed any more",
            f"To send it to everybody once more: newsletter send {slug} --again",
        )
    if not dry_run:
        settle_dead(project, campaign)
    number = roll.count_for_retry(states, domain=its_domain)
    if number and not dry_run:
        if unknown and not yes:
            warn("Unknown: the letter was handed over and no answer came.")
            ask_for_slug(
                slug, f"{count(number, 'reader')} may get it twice. To plan it all the same"
            )
        number = roll.retry(states, now(), domain=its_domain)
    if as_json:
        say_json({"issue": slug, "state": states[0], "planned": number, "dry_run": dry_run})
        return
    readers = count(number, f"{states[0]} delivery", f"{states[0]} deliveries")
    if dry_run or not number:
        say(f"{slug}: {readers} would be planned again." if number else f"{slug}: {readers}.")
        return
    say(f"{slug}: {readers} planned again.")
    if campaign.control == "paused":
        say(f"It is paused. Let it go on with: newsletter resume {slug}")
    say(f"Send them with: newsletter send {slug} --resume")


def _a_label(domain: str) -> str:
    """The domain as the list of readers has it."""
    from newsletter.audience.address import parse

    try:
        return parse(f"reader@{domain.strip().removeprefix('@')}").key.partition("@")[2]
    except AudienceError as error:
        raise click.BadParameter(f"{domain!r} is not a domain.", param_hint="--domain") from error
