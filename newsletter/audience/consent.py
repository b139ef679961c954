"""Whether it can be shown that every reader who is mailed agreed to it (GDPR Art. 7)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from newsletter.audience.status import Status, status_column, with_suppressions
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, subscriptions, wordings

FORM = "form"
"""Source of those who signed up on the page; they saw a wording, and asked at a time."""

_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Gap:
    """A confirmed reader of whose consent something is missing.

    Attributes:
        address: Whose.
        list: To which list.
        missing: What is not known.
    """

    address: str
    list: str
    missing: str


@dataclass(frozen=True, slots=True)
class Audit:
    """How complete the records are.

    Attributes:
        complete: Subscriptions that are mailed, with all that belongs to a record.
        incomplete: The others that are mailed.
        gaps: The first thousand of them.
    """

    complete: int
    incomplete: int
    gaps: tuple[Gap, ...]


def audit(database: Database) -> Audit:
    """Look through the records of everybody who is mailed.

    Each must say since when, and by which way the reader came; whoever came by the page must have
    been shown a wording, which is still there to be read, and have asked before they confirmed.

    Raises:
        DatabaseError: The database cannot be read.
    """
    s = subscriptions.c
    by_page = s.source.startswith(FORM)
    known = select(wordings.c.hash).where(wordings.c.hash == s.wording).exists()
    reasons = {
        "when it was confirmed": s.confirmed_at.is_(None),
        "how they came": s.source == "",
        "when they asked for it": by_page & s.requested_at.is_(None),
        "what they were shown": by_page & ~known,
    }
    mailed = status_column() == Status.CONFIRMED.value
    total = select(func.count()).select_from(with_suppressions()).where(mailed)
    wrong = mailed & or_(*reasons.values())
    rows = (
        select(subscribers.c.email, s.list, *reasons.values())
        .select_from(with_suppressions())
        .where(wrong)
        .order_by(s.id)
        .limit(_SHOWN)
    )
    with database.reading() as connection:
        everybody = connection.scalar(total) or 0
        incomplete = connection.scalar(total.where(wrong)) or 0
        gaps = tuple(
            Gap(
                email,
                name,
                ", ".join(what for what, is_so in zip(reasons, lacks, strict=True) if is_so),
            )
            for email, name, *lacks in connection.execute(rows)
        )
    return Audit(everybody - incomplete, incomplete, gaps)
