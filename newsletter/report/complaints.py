"""How many readers call the letters spam, against what mailbox providers put up with.

Gmail asks senders to stay below 0.10 % and never to reach 0.30 %; what is above gets no help until
it has been below for seven days on end (Google's guidelines for senders of bulk mail). Providers
count what reached an inbox, which nobody tells us; this counts what they took.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import func, select

from newsletter.database.engine import Database
from newsletter.database.states import Kind, State
from newsletter.database.tables import deliveries, feedback
from newsletter.errors import SendRefusedError

DAYS = 30
"""Days that are looked at: of a weekly letter, the last four."""

HIGH = 0.001
"""From here on it is said."""

TOO_HIGH = 0.003
"""From here on nothing more is sent unless somebody insists."""


@dataclass(frozen=True, slots=True)
class Complaints:
    """The complaints of the last ``DAYS`` days.

    Attributes:
        complaints: How many there were.
        taken: How many messages were taken in that time.
    """

    complaints: int
    taken: int

    @property
    def rate(self) -> float:
        """Complaints for each message; 0 if nothing was sent."""
        return self.complaints / self.taken if self.taken else 0.0

    def __str__(self) -> str:
        """``3 complaints of 1,000 letters in the last 30 days (0.30 %)``."""
        noun = "complaint" if self.complaints == 1 else "complaints"
        return (
            f"{self.complaints:,} {noun} of {self.taken:,} letters in the last {DAYS} days "
            f"({percent(self.rate)})"
        )


def complaints(database: Database, now: datetime.datetime) -> Complaints:
    """Count them.

    Raises:
        DatabaseError: The database cannot be read.
    """
    since = now - datetime.timedelta(days=DAYS)
    about = select(func.count(feedback.c.delivery_id.distinct())).where(
        feedback.c.kind == Kind.COMPLAINT, feedback.c.occurred_at >= since
    )
    taken = select(func.count()).where(
        deliveries.c.state.in_((State.ACCEPTED, State.BOUNCED, State.COMPLAINED)),
        deliveries.c.updated_at >= since,
    )
    with database.reading() as connection:
        return Complaints(connection.scalar(about) or 0, connection.scalar(taken) or 0)


def not_too_many(found: Complaints) -> None:
    """Pass if so few readers complain that providers will go on taking the letter.

    Raises:
        SendRefusedError: There are too many.
    """
    if found.rate >= TOO_HIGH:
        raise SendRefusedError(
            f"too many readers call the letter spam: {found}",
            f"Mailbox providers stop taking mail from {percent(TOO_HIGH)}. Find out who they are "
            "and how they came to the list: newsletter report. To send all the same: "
            "--despite-complaints",
        )


def percent(rate: float) -> str:
    """``0.30 %``."""
    return f"{rate * 100:.2f} %"
