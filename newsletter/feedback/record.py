"""Writing down what came back, and what follows from it for the delivery and its reader.

What is in the database afterwards depends on what came back, not on its order, nor on how often it
came: each step only moves forward. A delivery goes ``… ─▶ accepted ─▶ bounced ─▶ complained``, and
an address from mailed to suppressed. Whether bounces have become too many is asked again whenever
something came back that can change the answer.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, exists, select

from newsletter.audience.subscriptions import unsubscribe_in
from newsletter.audience.suppression import SCORED, suppress_hash
from newsletter.database.dialects import insert_ignoring, write_alone
from newsletter.database.engine import Database
from newsletter.database.states import Kind, State, Suppressed
from newsletter.database.tables import deliveries, feedback
from newsletter.delivery.reply import LONGEST_TEXT, scrub
from newsletter.delivery.workers import bury
from newsletter.feedback.event import FINAL, Event, Notice
from newsletter.feedback.score import Bounce, given_up_at
from newsletter.feedback.settling import IN_HAND, TAKEN, Settling
from newsletter.feedback.target import Target, Targets

TOO_MANY = "too many bounces"
"""Why an address is suppressed that no single bounce proved dead; the same for every rule, as it
must not matter which of them was fulfilled first."""

_TELLING = (*FINAL, Kind.COMPLAINT)
"""What counts against a reader, or takes away from what counts for them: a letter that arrived."""


class Fate(enum.StrEnum):
    """What became of an event."""

    NEW = "new"
    REPLAYED = "replayed"
    """It was written down before; nothing changed."""
    NOT_OURS = "not ours"
    """Nothing proves that it is about a message of ours: kept on record, nothing changed."""
    IN_HAND = "in hand"
    """A program is handing that very message over: nothing was written, bring it again later."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one event.

    Attributes:
        fate: What became of it.
        kind: What came back.
        suppressed: The address is not mailed any more from now on.
        left: The reader left a list by it.
        settled: The delivery was open, perhaps unknown, and is not any more.
        ours: It is proved to be about a message of ours, now or when it came first.
    """

    fate: Fate
    kind: Kind
    suppressed: bool = False
    left: bool = False
    settled: bool = False
    ours: bool = True


def record(database: Database, event: Event, now: datetime.datetime) -> Outcome:
    """Write down one event and what follows from it.

    Raises:
        DatabaseError: It cannot be written.
    """
    return record_all(database, [event], now)[0]


def record_all(
    database: Database, events: Sequence[Event], now: datetime.datetime
) -> list[Outcome]:
    """The same for several events, in one transaction: all of them are kept, or none.

    Raises:
        DatabaseError: They cannot be written.
    """
    with database.writing() as connection:
        return record_in(connection, events, now)


def record_in(
    connection: Connection, events: Sequence[Event], now: datetime.datetime
) -> list[Outcome]:
    """The same within somebody's transaction."""
    # One at a time: two programs that change the same rows in another order would block each
    # other for good, and neither would see the other's bounces when it counts them.
    write_alone(connection, feedback)
    recorder = _Recorder(connection, now)
    found = [(event, recorder.find(event)) for event in events]
    outcomes = [recorder.record(event, target) for event, target in found]
    recorder.finish()
    return outcomes


class _Recorder:
    def __init__(self, connection: Connection, now: datetime.datetime) -> None:
        self._connection = connection
        self._now = now
        self._targets = Targets(connection)
        self._settling = Settling(connection, now)
        self._buried = False
        self._new = insert_ignoring(connection, feedback, feedback.c.key)

    def find(self, event: Event) -> Target | None:
        target = self._targets.find(event.about)
        if target is not None and target.state in IN_HAND and not self._buried:
            # Perhaps whoever had it in hand has died; then it is unknown, and can be settled.
            self._buried = True
            bury(self._connection, self._now, alone=False)
            target = self._targets.find(event.about)
        return target

    def record(self, event: Event, target: Target | None) -> Outcome:
        notice = event.notice_for(target.email if target else "")
        leaves = notice.kind is Kind.UNSUBSCRIBED  # which waits for nobody
        if target and not leaves and not self._settling.hold(target) and not self._is_known(event):
            return Outcome(Fate.IN_HAND, notice.kind)
        if not self._write(event, notice, target):
            return Outcome(Fate.REPLAYED, notice.kind, ours=self._was_ours(event))
        if target is None:
            return Outcome(Fate.NOT_OURS, notice.kind, ours=False)
        # First: a letter that bounced counts.
        settled = not event.refused and self._settling.settle(notice, target)
        return Outcome(
            Fate.NEW,
            notice.kind,
            suppressed=self._suppress(event, notice, target),
            left=self._unsubscribe(notice, target),
            settled=settled,
        )

    def finish(self) -> None:
        """Mark campaigns as finished in which nothing is open any more."""
        self._settling.finish_campaigns()

    def _is_known(self, event: Event) -> bool:
        known = exists().where(feedback.c.key == event.key)
        return bool(self._connection.scalar(select(known)))

    def _was_ours(self, event: Event) -> bool:
        its = select(feedback.c.delivery_id, feedback.c.subscriber_id)
        return any(self._connection.execute(its.where(feedback.c.key == event.key)).one())

    def _write(self, event: Event, notice: Notice, target: Target | None) -> bool:
        said = _plain(notice.detail)
        detail = scrub(scrub(said, target.email if target else ""), _plain(notice.address))
        if len(detail) > LONGEST_TEXT:
            detail = detail[: LONGEST_TEXT - 1] + "…"
        reader = target.subscriber if target else None
        if target and notice.kind in SCORED and _is_former(event, notice, target):
            reader = None  # it is the delivery's, and must not be counted against them later
        row = {
            "key": event.key,
            "delivery_id": target.delivery if target else None,
            "subscriber_id": reader,
            "kind": notice.kind.value,
            "status": _plain(notice.status)[:16],
            "detail": detail,
            "source": event.source,
            "occurred_at": min(event.occurred_at, self._now),
            "recorded_at": self._now,
        }
        return self._connection.execute(self._new, row).rowcount > 0

    # ── the reader ────────────────────────────────────────────────────────────────────────────

    def _suppress(self, event: Event, notice: Notice, target: Target) -> bool:
        if target.subscriber is None:
            return False
        reason: Suppressed | None = None
        detail, at = _plain(notice.status), min(event.occurred_at, self._now)
        if not _is_former(event, notice, target):
            reason = notice.suppresses
        if reason is None and notice.kind in _TELLING:
            given_up = self._given_up(target.subscriber)
            if given_up is not None:
                reason, detail, at = Suppressed.BOUNCE, TOO_MANY, given_up
        if reason is None:
            return False
        return suppress_hash(
            self._connection,
            target.email_hash,
            reason,
            detail=detail,
            source=event.source,
            now=at,
        )

    def _given_up(self, subscriber: int) -> datetime.datetime | None:
        rows = self._connection.execute(_BOUNCES, {"reader": subscriber}).all()
        if len(rows) < 2:
            return None
        bounces = [Bounce(row.occurred_at, row.delivery_id, row.kind == Kind.HARD) for row in rows]
        since = {"reader": subscriber, "since": min(bounce.at for bounce in bounces)}
        return given_up_at(bounces, self._connection.scalars(_SILENT, since))

    def _unsubscribe(self, notice: Notice, target: Target) -> bool:
        if notice.kind is not Kind.UNSUBSCRIBED or not target.subscription:
            return False
        return unsubscribe_in(self._connection, [target.subscription], self._now) > 0


def _is_former(event: Event, notice: Notice, target: Target) -> bool:
    """Whether the address has been changed since: what is said of the old one is no matter."""
    return event.verified and bool(notice.address) and not target.is_reader(notice.address)


def _plain(text: str) -> str:
    """One line without anything that a database might refuse, such as a NUL."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


# Made once: to make a statement takes longer than SQLite takes to carry it out.
_BOUNCES = select(feedback.c.occurred_at, feedback.c.delivery_id, feedback.c.kind).where(
    feedback.c.subscriber_id == bindparam("reader"), feedback.c.kind.in_(SCORED)
)

# Letters that a server took when they were handed over, and that did not come back. One that is
# known to be taken only by what came back for it is left out: it would count or not, depending on
# which was learnt first. So is the time: that of the last change depends on the order, too.
_SILENT = select(deliveries.c.first_claimed_at).where(
    deliveries.c.subscriber_id == bindparam("reader"),
    deliveries.c.state == State.ACCEPTED,
    deliveries.c.detail != TAKEN,
    deliveries.c.first_claimed_at > bindparam("since"),
)
