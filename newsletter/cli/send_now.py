"""``newsletter send``: an issue to its readers, now."""

from __future__ import annotations

import contextlib
from pathlib import Path

from newsletter.cli.interrupt import asked_to_stop
from newsletter.cli.output import say, say_json, warn
from newsletter.cli.progress import sending_progress, tell_change
from newsletter.cli.send_asking import ask_for_slug, ask_to_go_on
from newsletter.cli.send_report import as_json as plain
from newsletter.cli.send_report import say_proposal, say_summary, tally
from newsletter.cli.send_wish import Wish
from newsletter.delivery import gate
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.ledger import Ledger
from newsletter.errors import SendRefusedError, TransportError
from newsletter.issue.siblings import shared_slug
from newsletter.project import Project
from newsletter.sending import clock
from newsletter.sending.alone import alone
from newsletter.sending.approval import no_approval_needed
from newsletter.sending.history import discard_vain, sendings
from newsletter.sending.proposal import Proposal, check, propose
from newsletter.sending.resume import check_resume, unpause
from newsletter.sending.run import run
from newsletter.sending.start import start


def send_now(project: Project, path: Path, wish: Wish) -> int:
    """Start a campaign, or go on with one; returns the exit code.

    Raises:
        SendRefusedError: It must not start, or nobody has agreed.
        TransportError: The transport is out of reach or broken.
    """
    slug = shared_slug(path)
    with contextlib.nullcontext() if wish.dry_run else alone(project):
        if not wish.goes_on and not wish.dry_run:
            discard_vain(project, slug)
        campaign = _to_go_on(project, slug, wish)
        if campaign and not campaign.finished_at and not wish.again:
            _agree_to_resume(project, path, campaign, wish)
        elif wish.goes_on:
            raise SendRefusedError(
                f"there is no unfinished sending of {slug}", "See: newsletter status."
            )
        else:
            campaign = _start(project, path, wish)
        if wish.dry_run or not campaign:
            if wish.as_json:
                say_json({"issue": slug, "dry_run": True})
            else:
                say("Nothing was sent (--dry-run).")
            return 0
        return finish(project, campaign, wish)


def agree_to_start(project: Project, path: Path, wish: Wish, *, when: str = "") -> Proposal:
    """What is to be sent, once everything is right and the editor has said so.

    Args:
        project: The newsletter.
        path: The issue.
        wish: What was asked for.
        when: When it will go out, to be said in the question; empty for now.

    Raises:
        SendRefusedError: Something is not right, or nobody has agreed.
    """
    proposal = show(project, path, wish)
    if not wish.dry_run:
        no_approval_needed(project, proposal.slug)
    if not wish.sure:
        ask_for_slug(proposal.slug, proposal.audience.active, when)
    return proposal


def show(project: Project, path: Path, wish: Wish) -> Proposal:
    """Say what would be sent; passes if it may be.

    Raises:
        SendRefusedError: It may not.
    """
    slug = shared_slug(path)
    before = sendings(project, slug)
    gate.not_sent_before(slug, before[0] if before else None, again=wish.again)
    proposal = propose(project, path, wish.lists, wish.segment)
    if not wish.as_json:
        say_proposal(proposal)
    for finding in proposal.findings:
        warn(str(finding))
    when = max(clock.now(), wish.at or clock.now())
    check(proposal, when, despite_complaints=wish.despite_complaints)
    return proposal


def finish(project: Project, campaign: Campaign, wish: Wish) -> int:
    """Send what is open, and say how it ended; returns the exit code."""
    ledger = Ledger(project.database, campaign)
    try:
        with asked_to_stop() as stop, sending_progress(as_json=wish.as_json) as tell:
            summary = run(
                project,
                campaign,
                resend_unknown=wish.resend_unknown,
                accept_restore=wish.accept_restore,
                stop=stop,
                on_progress=tell,
                tell=tell_change(as_json=wish.as_json),
            )
    except TransportError:
        warn(f"{campaign.slug}: {tally(ledger.counts())}.")
        raise
    if wish.as_json:
        say_json(plain(campaign, summary))
    else:
        go_on = "--as-started" if wish.as_started else "--resume"
        say_summary(campaign, summary, go_on=go_on)
    if summary.interrupted:
        return 130
    if not summary.finished:
        return 3
    return 0 if summary.states.get("accepted") else 1


def _to_go_on(project: Project, slug: str, wish: Wish) -> Campaign | None:
    from newsletter.delivery.campaigns import Campaigns

    if wish.goes_on:
        return Campaigns(project.database).latest(slug)
    return next(iter(sendings(project, slug)), None)


def _start(project: Project, path: Path, wish: Wish) -> Campaign | None:
    proposal = agree_to_start(project, path, wish)
    return None if wish.dry_run else start(project, proposal, clock.now())


def _agree_to_resume(project: Project, path: Path, campaign: Campaign, wish: Wish) -> None:
    states = Ledger(project.database, campaign).counts()
    warn(
        f"The sending of {campaign.slug} that began on {clock.local(campaign.started_at)} "
        f"is not finished: {tally(states)}."
    )
    check_resume(project, path, campaign, as_started=wish.as_started, warn=warn)
    if not wish.sure and not wish.goes_on:
        ask_to_go_on()
    if not wish.dry_run:
        unpause(project, campaign)
