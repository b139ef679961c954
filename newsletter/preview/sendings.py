"""What became of the issues that were sent, as a list of issues says it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.database.engine import Database

NOBODY = frozenset({"suppressed", "cancelled"})
"""States of readers who were not to be mailed."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The latest campaign of an issue.

    Attributes:
        campaign: Its number in the database.
        slug: The issue.
        began: When it started, in ISO 8601.
        finished: When no delivery was open any more, likewise; empty if some are.
        accepted: How many readers' copies were taken.
        total: How many there were to hand over.
        transport: How, without secrets.
    """

    campaign: int
    slug: str
    began: str
    finished: str
    accepted: int
    total: int
    transport: str

    @property
    def is_finished(self) -> bool:
        """Whether every reader's outcome is known."""
        return bool(self.finished)

    @property
    def is_to_folder(self) -> bool:
        """Whether the messages went into a folder of this machine, and to nobody."""
        return self.transport.startswith("maildir:")

    @property
    def day(self) -> datetime.date:
        """The day it started, in the editor's time zone."""
        return datetime.datetime.fromisoformat(self.began).astimezone().date()


def read_sendings(database: Database, known: Iterable[Sending] = ()) -> tuple[Sending, ...]:
    """The latest campaign of each issue that has one.

    Args:
        database: Where campaigns are.
        known: From an earlier reading: what is finished is not counted again, which takes a second
            for each five million deliveries.

    Raises:
        DatabaseError: The database cannot be read.
    """
    from newsletter.delivery.campaigns import Campaigns
    from newsletter.delivery.roll import Roll

    counted = {(known.campaign, known.finished): known for known in known if known.finished}
    found: dict[str, Sending] = {}
    for campaign in Campaigns(database).list():
        if campaign.slug in found:
            continue  # the latest comes first
        finished = campaign.finished_at.isoformat() if campaign.finished_at else ""
        sending = counted.get((campaign.id, finished))
        if sending is None or sending.slug != campaign.slug:
            states = Roll(database, campaign).counts()
            sending = Sending(
                campaign.id,
                campaign.slug,
                campaign.started_at.isoformat(),
                finished,
                states.get("accepted", 0),
                sum(number for state, number in states.items() if state not in NOBODY),
                campaign.transport,
            )
        found[campaign.slug] = sending
    return tuple(found.values())


def state_of(path: Path) -> tuple[int, ...]:
    """Changes whenever something is written into a database: sizes and times of its two files."""
    found: list[int] = []
    for name in (path, path.with_name(f"{path.name}-wal")):
        try:
            stat = name.stat()
        except OSError:
            stat = None
        # SQLite makes an empty write-ahead log for whoever only reads.
        found += (stat.st_size, stat.st_mtime_ns) if stat and stat.st_size else (0, 0)
    return tuple(found)


def by_slug(sendings: Iterable[Sending]) -> Mapping[str, Sending]:
    """Each issue's latest campaign."""
    return {sending.slug: sending for sending in sendings}
