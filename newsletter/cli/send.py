"""``newsletter send``."""

from __future__ import annotations

import contextlib
import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.interrupt import asked_to_stop
from newsletter.cli.options import issue_argument, json_option, with_project
from newsletter.cli.output import count, say, say_json, warn
from newsletter.cli.progress import sending_progress
from newsletter.cli.send_proofs import addresses, send_test
from newsletter.cli.send_report import as_json as plain
from newsletter.cli.send_report import checks, readers, say_plan, say_summary, tally
from newsletter.errors import (
    ManuscriptError,
    SendRefusedError,
    TemplateError,
    TransportError,
)

if TYPE_CHECKING:
    from newsletter.delivery.campaigns import Campaign
    from newsletter.project import Project
    from newsletter.render.edition import Edition


@click.command()
@issue_argument
@click.option(
    "--test",
    "proofs",
    multiple=True,
    metavar="ADDRESS",
    help="Send a proof to this address, not to readers; several times, or with commas between.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--resume", is_flag=True, help="Go on with a sending that is not finished.")
@click.option(
    "--as-started", is_flag=True, help="Go on with the content that the first readers got."
)
@click.option("--again", is_flag=True, help="Send an issue to everybody that was sent before.")
@click.option(
    "--resend-unknown",
    is_flag=True,
    help="Send once more to readers who may have got it already.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@with_project
def command(
    project: Project,
    issue: str | None,
    proofs: tuple[str, ...],
    *,
    dry_run: bool,
    resume: bool,
    as_started: bool,
    again: bool,
    resend_unknown: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Send an issue to its readers, or with --test a proof to yourself.

    ISSUE is a slug, a path, or left out for the latest.

    Exit code 0 when every reader's outcome is known and somebody got it, 1 when it was refused, 3
    when readers are left (run it again), 130 when it was interrupted.
    """
    from newsletter.delivery.campaigns import Campaigns
    from newsletter.delivery.lock import sending_alone

    goes_on = resume or as_started or resend_unknown
    if again and goes_on:
        raise click.UsageError("--again starts anew; it cannot also go on with a sending.")
    if proofs and (dry_run or again or goes_on):
        raise click.UsageError("--test sends proofs, not a mailing: it goes with no other option.")
    path = project.find_own(issue)
    if proofs:
        return send_test(project, path, addresses(proofs), as_json=as_json)
    with contextlib.nullcontext() if dry_run else sending_alone(project.state_folder):
        campaigns = Campaigns(project.database)
        campaign = campaigns.latest(path.stem)
        sure = yes or dry_run
        if campaign and not goes_on and not campaign.finished_at and campaigns.untouched(campaign):
            # Nobody has got anything: an editor who mends a typo meanwhile starts anew.
            before, campaign = campaign, next(iter(campaigns.list(path.stem)[1:]), None)
            if not dry_run:
                campaigns.discard(before)
        if campaign and not campaign.finished_at and not again:
            _agree_to_resume(project, path, campaign, as_started=as_started, sure=sure or goes_on)
        elif goes_on:
            raise SendRefusedError(
                f"there is no unfinished sending of {path.stem}", "See: newsletter status."
            )
        else:
            edition = _agree_to_start(
                project, path, campaign, again=again, sure=sure, quiet=as_json
            )
            if not dry_run:
                campaign = campaigns.start(
                    edition, project.sender, project.transport().describe(), _now()
                )
        if dry_run or not campaign:
            if as_json:
                say_json({"issue": path.stem, "dry_run": True})
            else:
                say("Nothing was sent (--dry-run).")
            return 0
        go_on = "--as-started" if as_started else "--resume"
        return _run(project, campaign, resend_unknown=resend_unknown, as_json=as_json, go_on=go_on)


def _agree_to_start(
    project: Project,
    path: Path,
    latest: Campaign | None,
    *,
    again: bool,
    sure: bool,
    quiet: bool,
) -> Edition:
    """The edition, once everything is right and the editor has said so."""
    from newsletter.audience.audience import count_audience
    from newsletter.delivery import gate

    gate.not_sent_before(path.stem, latest, again=again)
    manuscript = project.manuscript(path)
    galley = project.render(manuscript)
    edition, findings = galley.edition, project.lint(manuscript, galley)
    audience = count_audience(project.database)
    transport, sender = project.transport(), project.sender
    if not quiet:
        say_plan(
            {
                "Issue": f"{path.stem}{' (again)' if latest else ''}",
                "Subject": edition.subject.fill({}),
                "From": f"{sender.name} <{sender.address}>".strip(),
                "Readers": readers(audience),
                "Transport": transport.describe(),
                "Checks": checks(findings),
            }
        )
    for finding in findings:
        warn(str(finding))
    gate.issue_is_ready(path.stem, findings, draft=manuscript.issue.draft)
    gate.links_will_work(transport, sender)
    gate.message_can_be_made(edition, sender, _now())
    if not audience.active:
        raise SendRefusedError(
            "there are no readers to send to",
            "Add some with: newsletter subscribers import FILE.csv",
        )
    if not sure:
        _ask_for_slug(path.stem, audience.active)
    return edition


def _agree_to_resume(
    project: Project, path: Path, campaign: Campaign, *, as_started: bool, sure: bool
) -> None:
    """Passes once the content is the same and the editor has said so."""
    from newsletter.delivery import gate
    from newsletter.delivery.campaigns import Campaigns, content_digest
    from newsletter.delivery.ledger import Ledger

    states = Ledger(project.database, campaign).counts()
    warn(
        f"The sending of {campaign.slug} that began on "
        f"{campaign.started_at.astimezone():%Y-%m-%d at %H:%M} is not finished: {tally(states)}."
    )
    if not as_started:
        try:
            galley = project.render(project.manuscript(path))
            digest = content_digest(galley.edition, project.sender)
        except (ManuscriptError, TemplateError):
            digest = ""
        gate.content_is_unchanged(campaign, digest)
    transport = project.transport()
    gate.goes_the_same_way(campaign, transport)
    gate.links_will_work(transport, Campaigns(project.database).sender(campaign))
    if transport.describe() != campaign.transport:
        warn(f"It began with {campaign.transport} and goes on with {transport.describe()}.")
    if sure:
        return
    _need_terminal("--resume")
    if not click.confirm("Go on with it?", err=True):
        raise SendRefusedError("nothing was sent")


def _run(
    project: Project, campaign: Campaign, *, resend_unknown: bool, as_json: bool, go_on: str
) -> int:
    """Send what is open, and say how it ended."""
    from newsletter.delivery.campaigns import Campaigns
    from newsletter.delivery.ledger import Ledger
    from newsletter.delivery.sender import deliver

    campaigns, ledger = Campaigns(project.database), Ledger(project.database, campaign)
    ledger.recover(_now())
    if resend_unknown:
        ledger.reopen_unknown(_now())
    try:
        with asked_to_stop() as stop, sending_progress() as show:
            summary = deliver(
                ledger,
                campaigns.edition(campaign),
                campaigns.sender(campaign),
                project.transport(),
                clock=_now,
                stop=stop,
                on_progress=show,
            )
    except TransportError:
        warn(f"{campaign.slug}: {tally(ledger.counts())}.")
        raise
    if as_json:
        say_json(plain(campaign, summary))
    else:
        say_summary(campaign, summary, go_on=go_on)
    if summary.interrupted:
        return 130
    if not summary.finished:
        return 3
    return 0 if summary.states.get("accepted") else 1


def _ask_for_slug(slug: str, number: int) -> None:
    _need_terminal("--yes")
    typed = click.prompt(
        f"To send it to {count(number, 'reader')}, type {slug}",
        default="",
        show_default=False,
        err=True,
    )
    if typed.strip() != slug:
        raise SendRefusedError("nothing was sent", f"To send it, type exactly: {slug}")


def _need_terminal(option: str) -> None:
    if not sys.stdin.isatty():
        raise SendRefusedError(
            "nobody is at a terminal to be asked", f"To send without being asked, add {option}."
        )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
