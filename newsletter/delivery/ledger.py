"""The ledger of a campaign: one row per reader, written before and after each message.

::

    planned ─▶ claimed ─▶ attempting ─▶ accepted
       ▲          │            ├──────▶ deferred ─▶ claimed …, or expired
       │          │            ├──────▶ failed
       └──────────┴────────────┴──────▶ unknown     perhaps taken, perhaps not: held
    suppressed, cancelled: not to be mailed

Readers are claimed in blocks. "attempting" is on the disk before a message's last byte can leave
(the database commits with ``synchronous = FULL``), so after a crash everybody is either certainly
not mailed, or done, or in doubt by name; those in doubt are never more than the messages in hand.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    select,
    update,
)

from newsletter.audience.status import Status, status_column
from newsletter.audience.tokens import Purpose, seal
from newsletter.database.dialects import skip_locked, update_each
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.states import Control, State
from newsletter.database.tables import (
    deliveries,
    subscribers,
    subscriptions,
    suppressions,
)
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.message import Recipient
from newsletter.delivery.roll import DEFERRED, PLANNED, Roll
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.wishes import Wishes, read_wishes
from newsletter.delivery.workers import LeaseLostError, Worker, bury
from newsletter.errors import DatabaseError

LEFT = "left after the start"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one turn of writing.

    Attributes:
        attempting: Numbers of the deliveries that may be handed over now.
        left_out: Those that may not, each with its new state: the reader has left meanwhile.
        wishes: What is wished of the campaign; None if nobody looked.
    """

    attempting: frozenset[int]
    left_out: Mapping[int, State]
    wishes: Wishes | None


class Ledger(Roll):
    """The deliveries of one campaign, as whoever sends it writes them.

    Args:
        database: Where they are.
        campaign: Whose they are.
    """

    def __init__(self, database: Database, campaign: Campaign) -> None:
        super().__init__(database, campaign)
        self.with_certificates = False
        """Whether claims hold the readers' OpenPGP certificates, some kilobytes each."""

    @property
    def keys(self) -> Keys:
        """Seal what readers are given of it.

        Raises:
            ConfigurationError: They are not at hand.
        """
        return self._database.keys

    def keeping(self) -> contextlib.AbstractContextManager[None]:
        """Keep one connection for all that this thread writes, see ``Database.keeping``."""
        self._database.spare_memory()
        return self._database.keeping()

    def claim(
        self, worker: Worker, limit: int, now: datetime.datetime, new_message_id: Callable[[], str]
    ) -> list[Claimed]:
        """Take the next deliveries: planned ones first, then deferred ones that are due.

        A reader who has left or was suppressed since the start is noted as such and passed over.

        Args:
            worker: Who takes them.
            limit: How many at most.
            now: The time.
            new_message_id: Makes an unguessable Message-ID, for the first claim of a delivery.

        Returns:
            The claims, already on the disk; none if nothing can be sent now.

        Raises:
            LeaseLostError: The worker was taken for dead.
        """
        found: list[_Found] = []
        with self._database.writing() as connection:
            alive = worker.renew(connection, now)
            if alive and now >= self.give_up_at:
                self._expire(connection, now)
            elif alive:
                while not found and (rows := self._next(connection, now, limit)):
                    found = self._claim(connection, worker, rows, now, new_message_id)
        if not alive:
            raise LeaseLostError
        # Tokens take time, and nobody else can write while the transaction is open.
        return [self._claimed(*one) for one in found]

    def write(
        self,
        worker: Worker,
        attempts: Sequence[Claimed],
        settled: Sequence[Settlement],
        now: datetime.datetime,
        *,
        look: bool = True,
    ) -> Written:
        """Write down attempts that are about to begin and others that have ended, in one go.

        Who has unsubscribed or was suppressed since the claim is left out here, at the last moment.

        Args:
            worker: Whose claims they are.
            attempts: Claimed deliveries that are to be handed over next.
            settled: How others ended.
            now: The time.
            look: Read what is wished of the campaign, and make the lease run from now on; several
                times in the lease's length is enough.

        Raises:
            LeaseLostError: The worker was taken for dead; how attempts ended is written all the
                same for what is still in doubt.
            DatabaseError: It cannot be written.
        """
        wishes, alive = None, True
        left: Mapping[int, State] = {}
        with self._database.writing() as connection:
            lost = len(settled) - self._settle(connection, settled, now)
            if look:
                alive = worker.renew(connection, now)
                wishes = read_wishes(connection, self.campaign, now)
            begins = bool(attempts) and (wishes is None or wishes.control is Control.RUNNING)
            if begins and alive:
                left, alive = self._begin(connection, worker, attempts, now)
        if not alive:
            raise LeaseLostError
        if lost:
            raise DatabaseError(
                f"{lost} of {len(settled)} outcomes are not this program's to write any more",
                "Another program has changed the ledger; see: newsletter status --failed",
            )
        going = {claimed.id for claimed in attempts} - left.keys() if begins else ()
        return Written(frozenset(going), left, wishes)

    def release(
        self, worker: Worker, ids: Collection[int], now: datetime.datetime, *, tried: bool
    ) -> None:
        """Give back what was claimed, or about to be handed over, and certainly was not.

        Args:
            worker: Whose claims they are.
            ids: Numbers of the deliveries.
            now: The time.
            tried: Somebody tried in vain, so that others go first the next time.
        """
        some = list(ids)
        with self._database.writing() as connection:
            for start in range(0, len(some), _BLOCK):
                block = some[start : start + _BLOCK]
                self._give_back(connection, worker, block, now, tried=tried)

    def postpone(
        self,
        worker: Worker,
        ids: Collection[int],
        due: datetime.datetime,
        reason: str,
        now: datetime.datetime,
    ) -> None:
        """Claimed deliveries whose destination wants to be left alone: they are due again later."""
        change = update(deliveries).where(
            deliveries.c.id.in_(ids),
            deliveries.c.worker_id == worker.id,
            deliveries.c.state == State.CLAIMED,
        )
        with self._database.writing() as connection:
            connection.execute(
                change.values(
                    state=State.DEFERRED,
                    next_attempt_at=due,
                    detail=reason,
                    worker_id=None,
                    updated_at=now,
                )
            )

    def start_worker(self, now: datetime.datetime, *, alone: bool) -> Worker:
        """A worker for this program; what dead ones have left is settled first.

        Args:
            now: The time.
            alone: Nobody else can be sending now: the caller holds the lock.
        """
        with self._database.writing() as connection:
            bury(connection, now, alone=alone)
            return Worker.start(connection, now)

    def end_worker(self, worker: Worker, now: datetime.datetime) -> None:
        """The worker has settled or released everything."""
        with self._database.writing() as connection:
            worker.end(connection, now)

    def _next(self, connection: Connection, now: datetime.datetime, limit: int) -> Sequence[Any]:
        query = (
            select(
                deliveries.c.id,
                deliveries.c.attempts,
                deliveries.c.message_id,
                deliveries.c.first_claimed_at,
                deliveries.c.edition,
                deliveries.c.subscription_id,
                subscriptions.c.list,
                subscribers.c.email,
                subscribers.c.name,
                subscribers.c.language,
                subscribers.c.attributes,
                *([subscribers.c.certificate] if self.with_certificates else []),
                status_column(),
            )
            .select_from(_WITH_READERS)
            .where(deliveries.c.campaign_id == self.campaign.id)
            # Who was tried least goes first, so that a few readers at a provider that refuses us
            # do not stand in the way of all others when the sending goes on.
            .order_by(deliveries.c.attempts, deliveries.c.id)
            .limit(limit)
        )
        query = skip_locked(query, deliveries)  # other machines claim other rows meanwhile
        planned = query.where(PLANNED)
        again = query.where(DEFERRED, deliveries.c.next_attempt_at <= now)
        return connection.execute(planned).all() or connection.execute(again).all()

    def _claim(
        self,
        connection: Connection,
        worker: Worker,
        rows: Sequence[Any],
        now: datetime.datetime,
        new_message_id: Callable[[], str],
    ) -> list[_Found]:
        found: list[_Found] = []
        left: dict[State, list[int]] = {State.SUPPRESSED: [], State.CANCELLED: []}
        for row in rows:
            # By place: by name it takes three times as long, for each of a million readers.
            id_, _, message_id, date, *_, status = row
            if status == Status.CONFIRMED:
                found.append((row, message_id or new_message_id(), date or now))
            elif status == Status.SUPPRESSED:
                left[State.SUPPRESSED].append(id_)
            else:
                left[State.CANCELLED].append(id_)
        for state, ids in left.items():
            if ids:
                self._leave(connection, ids, state, now)
        update_each(
            connection,
            deliveries,
            [
                {"id": row[0], "message_id": message_id, "first_claimed_at": date}
                for row, message_id, date in found
            ],
            values={
                "state": State.CLAIMED.value,
                "next_attempt_at": None,
                "worker_id": worker.id,
                "updated_at": now,
            },
        )
        return found

    def _claimed(self, row: Any, message_id: str, date: datetime.datetime) -> Claimed:
        id_, attempts, _, _, edition, subscription_id, on, email, name, language, *rest = row
        attributes, *certificate, _ = rest
        values = {key: str(value) for key, value in attributes.items()} if attributes else {}
        values["name"] = name
        values["language"] = language
        token = seal(self._database.keys, Purpose.UNSUBSCRIBE, subscription_id, self.campaign.id)
        recipient = Recipient(email, token, values, *(one or b"" for one in certificate))
        return Claimed(id_, attempts + 1, message_id, date, recipient, edition, on)

    def _begin(
        self,
        connection: Connection,
        worker: Worker,
        attempts: Sequence[Claimed],
        now: datetime.datetime,
    ) -> tuple[Mapping[int, State], bool]:
        """Write attempts down, but of those who have left meanwhile.

        Returns:
            Those who have left, and whether the others' claims still were the worker's.
        """
        rows = [
            {"id": claimed.id, "before": claimed.attempts - 1, "attempts": claimed.attempts}
            for claimed in attempts
        ]
        begun = update_each(
            connection,
            deliveries,
            rows,
            keys={"id": "id", "attempts": "before"},
            where={"state": State.CLAIMED.value, "worker_id": worker.id},
            values={"state": State.ATTEMPTING.value, "updated_at": now},
            provided=_MAY_BE_MAILED,
        )
        if begun == len(rows):
            return {}, True
        ids = [claimed.id for claimed in attempts]
        left = self._leavers(connection, ids)
        for state in set(left.values()):
            self._leave(connection, [id_ for id_, its in left.items() if its is state], state, now)
        if begun == len(rows) - len(left):
            return left, True
        self._give_back(connection, worker, ids, now, tried=False)
        return left, False

    def _give_back(
        self,
        connection: Connection,
        worker: Worker,
        ids: Sequence[int],
        now: datetime.datetime,
        *,
        tried: bool,
    ) -> None:
        mine = update(deliveries).where(
            deliveries.c.id.in_(ids), deliveries.c.worker_id == worker.id
        )
        back = {"state": State.PLANNED, "worker_id": None, "updated_at": now}
        uncounted = back if tried else {**back, "attempts": deliveries.c.attempts - 1}
        for state, values in ((State.CLAIMED, back), (State.ATTEMPTING, uncounted)):
            connection.execute(mine.where(deliveries.c.state == state).values(values))

    def _leavers(self, connection: Connection, ids: Sequence[int]) -> dict[int, State]:
        """Those among some deliveries whose readers must not be mailed any more."""
        return {
            row.id: State.SUPPRESSED if row.status == Status.SUPPRESSED else State.CANCELLED
            for row in connection.execute(_LEAVERS, {"some": ids})
        }

    def _leave(
        self, connection: Connection, ids: Sequence[int], state: State, now: datetime.datetime
    ) -> None:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids), deliveries.c.state != State.CANCELLED)
            .values(
                state=state,
                detail=LEFT if state is State.CANCELLED else "",
                next_attempt_at=None,
                worker_id=None,
                updated_at=now,
            )
        )

    def _settle(
        self, connection: Connection, settled: Sequence[Settlement], now: datetime.datetime
    ) -> int:
        """Write outcomes; returns how many were this program's to write.

        The number of the attempt is the fence: a program that slept through its claim's recovery
        may still say how its attempt ended, but not overwrite a later one.
        """
        if not settled:
            return 0
        if unknown := [one.claimed.id for one in settled if one.state is State.UNKNOWN]:
            connection.execute(_DOUBT, {"some": unknown})
        written = 0
        accepted = [one for one in settled if one.state is State.ACCEPTED]
        others = [one for one in settled if one.state is not State.ACCEPTED]
        for state in (State.ATTEMPTING, State.UNKNOWN):
            if written < len(settled):
                written += self._end(connection, accepted, others, state, now)
        return written

    def _end(
        self,
        connection: Connection,
        accepted: Sequence[Settlement],
        others: Sequence[Settlement],
        before: State,
        now: datetime.datetime,
    ) -> int:
        keys, where = ("id", "attempts"), {"state": before.value}
        first = update_each(
            connection,
            deliveries,
            [
                {"id": one.claimed.id, "attempts": one.claimed.attempts, "detail": one.detail}
                for one in accepted
            ],
            keys=keys,
            where=where,
            values={"state": State.ACCEPTED.value, "updated_at": now},
        )
        return first + update_each(
            connection,
            deliveries,
            [
                {
                    "id": one.claimed.id,
                    "attempts": one.claimed.attempts,
                    "detail": one.detail,
                    "state": one.state.value,
                    "next_attempt_at": one.due,
                }
                for one in others
            ],
            keys=keys,
            where=where,
            values={"updated_at": now},
        )

    def _expire(self, connection: Connection, now: datetime.datetime) -> None:
        connection.execute(
            update(deliveries)
            .where(
                deliveries.c.campaign_id == self.campaign.id,
                deliveries.c.state.in_((State.PLANNED, State.DEFERRED)),
            )
            .values(state=State.EXPIRED, next_attempt_at=None, updated_at=now)
        )


_BLOCK = 500  # numbers in one statement

_Found = tuple[Any, str, datetime.datetime]
"""The row of a delivery, its Message-ID and its date."""

_WITH_READERS = (
    deliveries.outerjoin(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .outerjoin(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
    .outerjoin(suppressions, suppressions.c.email_hash == subscribers.c.email_hash)
)
"""A delivery goes to whoever has the subscription; nobody does once they were forgotten."""

# In the statement itself, not asked before it: it would take as long again.
_MAY_BE_MAILED = (
    "EXISTS (SELECT 1 FROM subscriptions"
    " JOIN subscribers ON subscribers.id = subscriptions.subscriber_id"
    " WHERE subscriptions.id = {row}.subscription_id AND subscriptions.status = 'confirmed'"
    " AND NOT EXISTS (SELECT 1 FROM suppressions"
    " WHERE suppressions.email_hash = subscribers.email_hash))"
)

_LEAVERS = (
    select(deliveries.c.id, status_column())
    .select_from(_WITH_READERS)
    .where(
        deliveries.c.id.in_(bindparam("some", expanding=True)),
        (subscriptions.c.status.is_distinct_from(Status.CONFIRMED.value))
        | suppressions.c.email_hash.is_not(None)
        # Called off since the claim: its reader has the letter at another address.
        | (deliveries.c.state == State.CANCELLED.value),
    )
)

_DOUBT = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("some", expanding=True)))
    .values(doubtful=True)
)
