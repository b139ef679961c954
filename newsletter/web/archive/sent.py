"""Which issues have gone out, so that the archive shows no other."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.project import Project


class Sent:
    """What is known of sendings; that an issue has begun to go out is looked up only once.

    Args:
        project: The newsletter; its database is opened only if there is one.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._begun: dict[int, bool] = {}

    def look(self) -> Mapping[str, datetime.datetime]:
        """Issues that have begun to go out, by slug, with the time when they first did.

        Raises:
            DatabaseError: The database cannot be read.
        """
        from newsletter.delivery.campaigns import Campaigns

        if not self._project.has_database:
            return {}
        campaigns = Campaigns(self._project.database)
        found: dict[str, datetime.datetime] = {}
        for campaign in reversed(campaigns.list()):
            if not self._begun.get(campaign.id):
                # Nobody has got anything of a campaign that was cancelled before it began.
                self._begun[campaign.id] = not campaigns.untouched(campaign)
            if self._begun[campaign.id]:
                found.setdefault(campaign.slug, campaign.started_at)
        return found
