"""Whether it can be shown that every reader who is mailed agreed to it (GDPR Art. 7)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from newsletter.audience.provenance import FORM, stated_nothing
from newsletter.audience.status import Status, status_column, with_suppressions
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, subscriptions, wordings

_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Gap:
    """A subscription that is mailed, of whose consent something is missing.

    Attributes:
        address: Whose.
        list: To which list.
        missing: What is not known.
    """

    address: str
    list: str
    missing: str


@dataclass(frozen=True, slots=True)
class SilentImport:
    """Readers who came with a file, of whom nobody has said how they agreed.

    Attributes:
        source: Which import, in the words that are kept: ``import of readers.csv``.
        list: To which list.
        number: How many subscriptions that are mailed.
    """

    source: str
    list: str
    number: int


@dataclass(frozen=True, slots=True)
class Audit:
    """How complete the records are.

    Attributes:
        complete: Subscriptions that are mailed, with all that belongs to a record.
        incomplete: The others that are mailed.
        silent_imports: Those among them that were imported, and nobody said how their readers
            agreed, an import at a time.
        gaps: Of those that lack anything else, the first thousand.
    """

    complete: int
    incomplete: int
    silent_imports: tuple[SilentImport, ...]
    gaps: tuple[Gap, ...]

    @property
    def unstated(self) -> int:
        """How many came by an import that does not say how their readers agreed."""
        return sum(one.number for one in self.silent_imports)


def audit(database: Database) -> Audit:
    """Look through the records of everybody who is mailed.

    Each must say since when, and by which way the reader came; of those who were imported, how they
    had agreed, in somebody's words. Whoever came by the page must have been shown a wording, which
    is still there to be read, and have asked before they confirmed.

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
    silent = stated_nothing(s.source)
    lacking = or_(*reasons.values())
    by_import = (
        select(s.source, s.list, func.count())
        .select_from(with_suppressions())
        .where(mailed, silent)
        .group_by(s.source, s.list)
        .order_by(s.source, s.list)
    )
    rows = (
        select(subscribers.c.email, s.list, *reasons.values())
        .select_from(with_suppressions())
        .where(mailed, lacking)
        .order_by(s.id)
        .limit(_SHOWN)
    )
    with database.reading() as connection:
        everybody = connection.scalar(total) or 0
        incomplete = connection.scalar(total.where(lacking | silent)) or 0
        imports = tuple(SilentImport(*row) for row in connection.execute(by_import))
        gaps = tuple(
            Gap(
                email,
                name,
                ", ".join(what for what, is_so in zip(reasons, lacks, strict=True) if is_so),
            )
            for email, name, *lacks in connection.execute(rows)
        )
    return Audit(everybody - incomplete, incomplete, imports, gaps)
