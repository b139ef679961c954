"""Starting a campaign: content and audience are frozen, and from then on it goes out."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from sqlalchemy import Connection, func, select

from newsletter.database.dialects import write_alone
from newsletter.database.tables import campaigns
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.errors import SendRefusedError
from newsletter.project import Project
from newsletter.sending.proposal import Proposal


def start(
    project: Project,
    proposal: Proposal,
    now: datetime.datetime,
    *,
    first: Callable[[Connection], None] = lambda _: None,
) -> Campaign:
    """Start the campaign of a proposal that was checked and agreed to.

    Args:
        project: The newsletter.
        proposal: What goes out.
        now: The time.
        first: Done first in the same transaction; what it raises keeps the campaign from starting.

    Raises:
        SendRefusedError: Another program has started to send the issue meanwhile; there are no
            readers.
    """

    def nobody_else(connection: Connection) -> None:
        # On a server two people may agree to the same proposal at the same moment.
        write_alone(connection, campaigns)
        query = select(func.count()).where(campaigns.c.slug == proposal.slug)
        if connection.execute(query).scalar_one() != proposal.earlier:
            raise SendRefusedError(
                f"somebody else has started to send {proposal.slug} meanwhile",
                f"See: newsletter status {proposal.slug}",
            )
        first(connection)

    return Campaigns(project.database).start(
        proposal.edition,
        proposal.sender,
        proposal.transport.describe(),
        now,
        expires_at=proposal.expires_at,
        audience=proposal.addressees,
        translations=proposal.translations,
        languages=proposal.languages,
        slug=proposal.slug,
        first=nobody_else,
    )
