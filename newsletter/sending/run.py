"""Running a campaign: everything that the engine needs, from the project."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable

from newsletter.database.states import Control
from newsletter.delivery import generation
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.sender import Progress, Summary, deliver
from newsletter.delivery.suspects import Suspects
from newsletter.delivery.workers import bury
from newsletter.errors import NewsletterError
from newsletter.feedback.refusals import Refusals, record_refusals
from newsletter.project import Project
from newsletter.sending.alone import can_be_alone
from newsletter.sending.clock import now
from newsletter.sending.encryption import encryption_of
from newsletter.sending.hold import judge, pacing_of


def run(
    project: Project,
    campaign: Campaign,
    *,
    resend_unknown: bool = False,
    accept_restore: bool = False,
    stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Send what is open, as far as it can be sent now; the caller holds ``alone(project)``.

    Args:
        project: The newsletter.
        campaign: What is sent.
        resend_unknown: Also send to readers who may have got it already.
        accept_restore: Send though an older copy of the database was put back.
        stop: Asked often; true ends the run after the messages in hand.
        on_progress: Told several times a second.
        tell: Told in a line when its pace changes meanwhile, or somebody pauses it, lets it go on
            or calls it off.

    Raises:
        SendRefusedError: The database is older than the last sending from this machine.
        ConfigurationError: The settings are wrong.
        TransportError: The transport broke, or refuses everybody for the same reason.
        DatabaseError: An outcome could not be recorded.
    """
    campaigns, ledger = Campaigns(project.database), Ledger(project.database, campaign)
    edition, *translations = campaigns.editions(campaign)
    sender = campaigns.sender(campaign)
    transport, signer = project.transport(), project.signer()
    pacing, is_alone = pacing_of(project, now, tell), can_be_alone(project)
    database, folder = project.database, project.state_folder
    generation.check_and_advance(database, folder, now(), accept=accept_restore)
    if resend_unknown:
        # What a program that died left in hand is unknown, too.
        with project.database.writing() as connection:
            bury(connection, now(), alone=is_alone)
        ledger.reopen_unknown(now())
    before = _record_refusals(project, campaign)  # of a run that was killed, or of the last issue
    watching = Suspects.watch(folder) if is_alone else contextlib.nullcontext()
    try:
        with watching as suspects:
            summary = deliver(
                ledger,
                edition,
                sender,
                transport,
                clock=now,
                translations=translations,
                signer=signer,
                encryption=encryption_of(sender),
                pacing=pacing,
                alone=is_alone,
                suspects=suspects,
                stop=lambda: stop() or pacing.closed(),
                on_progress=on_progress,
                on_control=lambda control: tell(_said(control, campaign.slug)),
            )
    except BaseException:
        with contextlib.suppress(NewsletterError):  # the first error is the one to tell
            generation.advance(database, folder, now())
        raise
    # A backup that was made while this ran does not know of all of it.
    generation.advance(database, folder, now())
    found = _record_refusals(project, campaign)
    return dataclasses.replace(
        judge(summary, pacing, stop, now()),
        struck_off=before.suppressed + found.suppressed,
        doubted=found.doubted,
    )


def _record_refusals(project: Project, campaign: Campaign) -> Refusals:
    """Hold refusals against readers, of this sending and of the one before it."""
    earlier = [one.id for one in Campaigns(project.database).list() if one.id < campaign.id]
    before = Refusals()
    for number in earlier[:1]:
        before = record_refusals(project.database, number, now())
    its = record_refusals(project.database, campaign.id, now())
    return dataclasses.replace(its, suppressed=before.suppressed + its.suppressed)


def _said(control: Control, slug: str) -> str:
    """What somebody wishes of a sending, for whoever sits before it."""
    match control:
        case Control.PAUSED:
            return f"Paused. It waits for: newsletter resume {slug}"
        case Control.RUNNING:
            return "It goes on."
        case Control.CANCELLED:
            return "Cancelled: what is in hand is finished, and nobody else gets it."
