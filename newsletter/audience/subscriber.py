"""A reader, what they are on, and the queries that find readers."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, not_, or_, select

from newsletter.audience.segments.segment import Segment
from newsletter.audience.status import Status
from newsletter.database.dialects import contains
from newsletter.database.states import Subscription as State
from newsletter.database.tables import subscribers, subscriptions, suppressions


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a reader is on, or was on; it is the record of their consent, too.

    Attributes:
        list: Name of the list.
        status: ``pending``, ``confirmed`` or ``unsubscribed``; whether the address is suppressed
            is not said here.
        requested_at: When the reader asked for it, UTC; None if nobody knows.
        confirmed_at: When they confirmed it, or were imported, UTC; None if they have not.
        unsubscribed_at: When they left, UTC.
        source: Where it comes from: a form, the file of an import, by hand.
        wording: SHA-256 in hex of what they were shown when they agreed, or empty.
    """

    list: str
    status: Status
    requested_at: datetime.datetime | None
    confirmed_at: datetime.datetime | None
    unsubscribed_at: datetime.datetime | None
    source: str
    wording: str


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One reader.

    Attributes:
        id: Number of the row.
        email: Address as it goes on the wire.
        name: Name, or empty.
        language: BCP 47 tag, or empty.
        attributes: Further values by merge field.
        status: Whether they are mailed: ``suppressed`` if the address is; else the best that they
            are on any list that was asked for, ``confirmed`` before ``pending`` before
            ``unsubscribed``.
        created_at: When they came, UTC.
        subscriptions: What they are on and were on, by name of the list; all of them, whatever
            was asked for.
    """

    id: int
    email: str
    name: str
    language: str
    attributes: Mapping[str, str]
    status: Status
    created_at: datetime.datetime
    subscriptions: tuple[Subscription, ...]

    @property
    def unsubscribed_at(self) -> datetime.datetime | None:
        """When they last left a list, UTC; None if they are still on one, or never left."""
        if any(one.status is not Status.UNSUBSCRIBED for one in self.subscriptions):
            return None
        return max(
            (one.unsubscribed_at for one in self.subscriptions if one.unsubscribed_at), default=None
        )


_RANK = case(
    (subscriptions.c.status == State.CONFIRMED.value, 0),
    (subscriptions.c.status == State.PENDING.value, 1),
    else_=2,
)
BY_RANK = (Status.CONFIRMED, Status.PENDING, Status.UNSUBSCRIBED, Status.SUPPRESSED)
"""What a reader is by the best that they are on; the number in a row is the place in here."""

_IS_SUPPRESSED = suppressions.c.email_hash.is_not(None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which readers are asked for; empty and None: all.

    Attributes:
        lists: Only those who are, or were, on one of these.
        status: Only those in this state.
        search: Only those with this text in their address or name; case does not matter.
        segment: Only those of a segment.
    """

    lists: Collection[str] = ()
    status: Status | None = None
    search: str = ""
    segment: Segment | None = None

    def query(self, dialect: str, *columns: ColumnElement[Any]) -> Select[Any]:
        """Some columns of these readers' rows in ``subscribers``.

        Args:
            dialect: ``Database.dialect``.
            columns: What is to be read.
        """
        query = select(*columns).select_from(
            subscribers.outerjoin(
                suppressions, suppressions.c.email_hash == subscribers.c.email_hash
            )
        )
        for condition in self._conditions(dialect):
            query = query.where(condition)
        return query

    def standing(self) -> ColumnElement[int]:
        """Their status as a number, to be among the columns: its place in ``BY_RANK``."""
        rank = select(func.min(_RANK)).where(self._theirs()).correlate(subscribers)
        # Whoever is on nothing is treated as one who has left.
        return case(
            (_IS_SUPPRESSED, BY_RANK.index(Status.SUPPRESSED)),
            else_=func.coalesce(rank.scalar_subquery(), BY_RANK.index(Status.UNSUBSCRIBED)),
        )

    def _theirs(self) -> ColumnElement[bool]:
        """Whether a subscription is the reader's, on a list that is asked for."""
        theirs = subscriptions.c.subscriber_id == subscribers.c.id
        if not self.lists:
            return theirs
        column = subscriptions.c.list
        # With one name SQLite can look up both in the index at once.
        asked = column == next(iter(self.lists)) if len(self.lists) == 1 else None
        return theirs & (column.in_(self.lists) if asked is None else asked)

    def _has(self, *states: State) -> ColumnElement[bool]:
        held = select(subscriptions.c.id).where(self._theirs())
        if states:
            held = held.where(subscriptions.c.status.in_([state.value for state in states]))
        return held.correlate(subscribers).exists()

    def _conditions(self, dialect: str) -> Iterable[ColumnElement[bool]]:
        if self.lists and self.status is not Status.CONFIRMED:
            yield self._has()
        if self.status is Status.SUPPRESSED:
            yield _IS_SUPPRESSED
        elif self.status is not None:
            yield not_(_IS_SUPPRESSED)
        # Asked like this, and not by its rank, it takes half the time.
        if self.status is Status.CONFIRMED:
            yield self._has(State.CONFIRMED)
        elif self.status is Status.PENDING:
            yield self._has(State.PENDING)
            yield not_(self._has(State.CONFIRMED))
        elif self.status is Status.UNSUBSCRIBED:
            yield not_(self._has(State.CONFIRMED, State.PENDING))
        if self.search:
            yield or_(
                contains(dialect, subscribers.c.email, self.search),
                contains(dialect, subscribers.c.name, self.search),
            )
        if self.segment is not None:
            yield self.segment.clause(dialect)


def read(connection: Connection, query: Select[Any]) -> list[Subscriber]:
    """Readers with all of their subscriptions.

    Args:
        connection: In a transaction.
        query: Of ``readers``.
    """
    rows = connection.execute(query).all()
    held: dict[int, list[Subscription]] = {row.id: [] for row in rows}
    s = subscriptions.c
    columns = (s[name] for name in Subscription.__dataclass_fields__)
    theirs = select(s.subscriber_id, *columns).where(s.subscriber_id.in_(held)).order_by(s.list)
    for row in connection.execute(theirs):
        values = row._asdict()
        number = values.pop("subscriber_id")
        held[number].append(Subscription(**{**values, "status": Status(values["status"])}))
    return [
        Subscriber(
            id=row.id,
            email=row.email,
            name=row.name,
            language=row.language,
            attributes=row.attributes,
            status=BY_RANK[row.standing],
            created_at=row.created_at,
            subscriptions=tuple(held[row.id]),
        )
        for row in rows
    ]


def readers(dialect: str, wanted: Wanted) -> Select[Any]:
    """A query for ``read``."""
    s = subscribers.c
    own = (s.id, s.email, s.name, s.language, s.attributes, s.created_at)
    return wanted.query(dialect, *own, wanted.standing().label("standing"))
