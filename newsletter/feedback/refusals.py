"""Refusals in our own SMTP sessions: what follows from them for readers, once a sending has run.

A server that says "no such user" when a letter is handed over says what its bounce would have said,
so it counts by the same rules. But only with hindsight: see ``believable``. The delivery stays
``failed``, as the sending has written it. Whatever interrupts this is made good the next time:
what was recorded is known by the delivery and the number of the attempt.
"""

from __future__ import annotations

import datetime
import functools
import itertools
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, case, exists, or_, select

from newsletter.audience.suppression import SCORED
from newsletter.database.engine import Database
from newsletter.database.states import Kind, State, Suppressed
from newsletter.database.tables import address_changes, deliveries, feedback, subscribers
from newsletter.delivery.settlement import IN_REPLY_TO
from newsletter.feedback.believable import Answers
from newsletter.feedback.classify import Action, Verdict
from newsletter.feedback.classify.verdict import judge
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.record import Fate, record_all

SOURCE = "refusal"
_BLOCK = 100
"""Refusals that are written down in one transaction; others want to write, too."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """What came of the refusals of one sending.

    Attributes:
        recorded: How many count against their readers from now on.
        suppressed: How many addresses are not mailed any more for it.
        doubted: How many do not count, because there were too many of them to be believed.
    """

    recorded: int = 0
    suppressed: int = 0
    doubted: int = 0


def record_refusals(
    database: Database, campaign: int, now: datetime.datetime, *, believe: bool = False
) -> Refusals:
    """Hold refusals of a sending against their readers, where they are believed.

    May be run as often as one likes; what was released by hand meanwhile stays so.

    Args:
        database: The newsletter's.
        campaign: Number of the campaign.
        now: The time.
        believe: Somebody has made sure that they are about the readers, however many there are.

    Raises:
        DatabaseError: The database cannot be read or written; part of it may be recorded.
    """
    events, doubted = _look(database, campaign, believe=believe)
    recorded = suppressed = 0
    waiting = iter(events)
    while block := list(itertools.islice(waiting, _BLOCK)):
        for outcome in record_all(database, block, now):
            recorded += outcome.fate is Fate.NEW
            suppressed += outcome.suppressed
    return Refusals(recorded, suppressed, doubted)


def count_doubted(database: Database, campaign: int) -> int:
    """How many refusals of a sending would count against readers, but are too many to be believed.

    Raises:
        DatabaseError: The database cannot be read.
    """
    return _look(database, campaign)[1]


def _look(database: Database, campaign: int, *, believe: bool = False) -> tuple[list[Event], int]:
    """The refusals that are believed and not recorded, and how many are not believed."""
    answers = Answers()
    new: list[tuple[str, tuple[int, int], Event]] = []
    with database.reading() as connection:
        if not connection.scalar(_ANY_NEW, {"campaign": campaign}):
            return [], 0
        rows = connection.execution_options(yield_per=5000).execute(
            _ANSWERS, {"campaign": campaign}
        )
        for delivery, said, attempts, at, key, done in rows:
            domain = key.rpartition("@")[2]
            if not said:
                answers.add(domain, refused=False)
                continue
            notice = _understood(said)
            if notice.kind not in SCORED:  # about the letter or about us; nobody has taken it
                continue
            place = answers.add(domain, refused=True)
            if not done:
                number = event_key(SOURCE, str(delivery), str(attempts))
                about = About(delivery=delivery)
                event = Event(number, SOURCE, at, about, (notice,), refused=True)
                new.append((domain, place, event))
    events = [event for domain, place, event in new if believe or answers.believable(domain, place)]
    return events, len(new) - len(events)


@functools.lru_cache(maxsize=4096)
def _understood(said: str) -> Notice:
    """A refusal as the classifier understands it when it stands in a bounce."""
    judged = judge(Action.FAILED, "", said)
    kind = _KINDS.get(judged.verdict, Kind.OTHER)
    why = Suppressed.BOUNCE if judged.suppresses else None
    return Notice(kind, "", why, judged.status, said)


_KINDS = {
    Verdict.HARD: Kind.HARD,
    Verdict.MAILBOX_FULL: Kind.MAILBOX_FULL,
    Verdict.POLICY: Kind.POLICY,
    Verdict.SOFT: Kind.SOFT,
}

_TAKEN = (State.ACCEPTED, State.BOUNCED, State.COMPLAINED)
_REFUSED = and_(deliveries.c.state == State.FAILED, deliveries.c.detail.contains(IN_REPLY_TO))
_RECORDED = exists().where(
    feedback.c.delivery_id == deliveries.c.id,
    feedback.c.source == SOURCE,
    feedback.c.occurred_at >= deliveries.c.updated_at,
)
# Whoever has moved since was refused at an address that is not theirs any more.
_MOVED = exists().where(
    address_changes.c.subscriber_id == deliveries.c.subscriber_id,
    address_changes.c.old_proved_at.is_not(None),
    address_changes.c.new_proved_at.is_not(None),
    or_(
        address_changes.c.old_proved_at >= deliveries.c.updated_at,
        address_changes.c.new_proved_at >= deliveries.c.updated_at,
    ),
)
_ITS = deliveries.c.campaign_id == bindparam("campaign")

_ANY_NEW = select(
    exists().where(_ITS, _REFUSED, deliveries.c.subscriber_id.is_not(None), ~_RECORDED)
)

# Of what came back later, the last change is of that time; it had been taken right after its claim.
_ANSWERED_AT = case(
    (deliveries.c.state.in_((State.ACCEPTED, State.FAILED)), deliveries.c.updated_at),
    else_=deliveries.c.first_claimed_at,
)
_ANSWERS = (
    select(
        deliveries.c.id,
        case((_REFUSED, deliveries.c.detail), else_=""),
        deliveries.c.attempts,
        deliveries.c.updated_at,
        subscribers.c.email_key,
        and_(_REFUSED, _RECORDED | _MOVED),
    )
    .join_from(deliveries, subscribers)
    .where(_ITS, deliveries.c.state.in_(_TAKEN) | _REFUSED)
    .order_by(_ANSWERED_AT, deliveries.c.id)
)
