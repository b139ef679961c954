"""Going on with a campaign that is not finished: when it may, and with what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from newsletter.audience.lists import Encryption
from newsletter.database.states import Control
from newsletter.delivery import gate
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.errors import SendRefusedError
from newsletter.project import Project
from newsletter.sending.content import present_digest


def check_resume(
    project: Project,
    path: Path,
    campaign: Campaign,
    *,
    as_started: bool,
    warn: Callable[[str], None],
) -> None:
    """Pass if a campaign may go on.

    Args:
        project: The newsletter.
        path: The issue.
        campaign: Its campaign.
        as_started: Whether the content of the first readers is wanted, whatever the file says now.
        warn: Told what is not as it was, but does no harm.

    Raises:
        SendRefusedError: It was cancelled; the content has changed; it would go another way than it
            began; links could not work.
    """
    if campaign.control == Control.CANCELLED:
        raise SendRefusedError(
            f"the sending of {campaign.slug} was cancelled",
            f"To let it go on after all: newsletter resume {campaign.slug}",
        )
    if not as_started:
        gate.content_is_unchanged(campaign, present_digest(project, path, campaign.lists))
    transport = project.transport()
    gate.goes_the_same_way(campaign, transport)
    sender = Campaigns(project.database).sender(campaign)
    gate.links_will_work(transport, sender)
    for policy in sender.encryption.values():
        gate.letters_can_be_encrypted(transport, Encryption(policy))
    if transport.describe() != campaign.transport:
        warn(f"It began with {campaign.transport} and goes on with {transport.describe()}.")


def unpause(project: Project, campaign: Campaign) -> None:
    """Let a campaign that is paused go on."""
    if campaign.control == Control.PAUSED:
        Campaigns(project.database).control(campaign, Control.RUNNING)
