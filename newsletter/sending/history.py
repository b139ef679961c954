"""What was sent of an issue before."""

from __future__ import annotations

from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.project import Project
from newsletter.sending.alone import can_be_alone


def sendings(project: Project, slug: str) -> tuple[Campaign, ...]:
    """The campaigns of an issue that count, the latest first.

    One that nobody has got anything of does not: an editor who mends a typo meanwhile starts anew.
    """
    found = Campaigns(project.database).list(slug)
    return found[1:] if found and _does_not_count(project, found[0]) else found


def discard_vain(project: Project, slug: str) -> None:
    """Forget the last campaign of an issue if it does not count."""
    campaigns = Campaigns(project.database)
    found = campaigns.latest(slug)
    if found and _does_not_count(project, found):
        campaigns.discard(found)


def _does_not_count(project: Project, campaign: Campaign) -> bool:
    # On a server it may be another program's, which is about to send it.
    return (
        campaign.finished_at is None
        and can_be_alone(project)
        and Campaigns(project.database).untouched(campaign)
    )
