"""What is wished of a campaign while it is sent, by whoever and from wherever."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from newsletter.database.states import Control
from newsletter.database.tables import campaigns
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.workers import living


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wishes of a campaign.

    Attributes:
        control: Whether it goes on.
        rate: Its own rate; empty for the usual one.
        pace: What else is wished of its pace, see ``PaceWish``; empty for the usual one.
        programs: How many send at this moment, of whatever campaign; 1 if that was not asked.
    """

    control: Control
    rate: str
    pace: str = ""
    programs: int = 1


def read_wishes(
    connection: Connection, campaign: Campaign, now: datetime.datetime | None
) -> Wishes:
    """What is wished of a campaign at this moment; with the time, also how many programs send."""
    control, rate, pace = connection.execute(_WISHES, {"campaign": campaign.id}).one()
    programs = 1 if now is None else max(1, living(connection, now))
    return Wishes(Control(control), rate, pace, programs)


_WISHES = select(campaigns.c.control, campaigns.c.rate, campaigns.c.pace).where(
    campaigns.c.id == bindparam("campaign")
)
