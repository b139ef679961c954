"""From a request to an answer: proved, recorded, and only then said to be done."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, delete

from newsletter.database.dialects import insert_ignoring
from newsletter.database.engine import Database
from newsletter.database.tables import facts
from newsletter.errors import DatabaseError, FeedbackError
from newsletter.feedback.record import Fate, record_in
from newsletter.feedback.webhooks.base import (
    LONGEST_BODY,
    Batch,
    Fetch,
    Hook,
    RefusedError,
    Request,
)

_AT_ONCE = 100
"""Events in one transaction. A request that needs a nonce holds one event."""
_KEPT = datetime.timedelta(hours=2)
"""Longer than any signature that needs a nonce is good."""
_NEVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider is told.

    Attributes:
        status: HTTP status: 2xx when everything is on the disk, 4xx when it is not believed, 503
            when it should come again.
        text: Why, in a few words.
    """

    status: int
    text: str = ""


def receive(
    database: Database, hook: Hook, request: Request, now: datetime.datetime, fetch: Fetch
) -> Answer:
    """Record the events of one request.

    Args:
        database: The newsletter's.
        hook: Whose request it claims to be.
        request: What came in, from anybody.
        now: The time.
        fetch: Gets a small file; called only to confirm a topic that the settings name.
    """
    if len(request.body) > LONGEST_BODY:
        return Answer(413, "too much")
    try:
        batch = hook.read(request, now)
        if batch.confirm:
            fetch(batch.confirm)
            return Answer(200, "confirmed")
        if not batch.events:
            return Answer(200, "nothing to record")
        return _record(database, batch, now)
    except RefusedError as error:
        return Answer(error.status, error.text)
    except FeedbackError:
        return Answer(503, "try again later: whether this is genuine cannot be found out now")
    except DatabaseError:
        return Answer(503, "try again later: it cannot be written now")


def _record(database: Database, batch: Batch, now: datetime.datetime) -> Answer:
    """Some events at a time: others want to write, too, such as readers who unsubscribe."""
    waits = False
    for start in range(0, len(batch.events), _AT_ONCE):
        with database.writing() as connection:
            # Written first: of two requests with the same nonce at the same time, one waits here.
            if batch.nonce and not _see(connection, batch, now):
                return Answer(406, "this was here before")
            outcomes = record_in(connection, batch.events[start : start + _AT_ONCE], now)
            in_hand = any(outcome.fate is Fate.IN_HAND for outcome in outcomes)
            if in_hand and batch.nonce:  # it is to come again
                connection.execute(delete(facts).where(facts.c.name == _name(batch)))
        waits = waits or in_hand
    if waits:
        return Answer(503, "try again later: a message is just being handed over")
    return Answer(200, "recorded")


def _name(batch: Batch) -> str:
    """By the hour, so that old ones stand together."""
    hour = batch.signed_at.astimezone(datetime.UTC) if batch.signed_at else _NEVER
    digest = hashlib.sha256(batch.nonce.encode()).hexdigest()[:40]
    return f"nonce {hour:%Y%m%d%H} {digest}"


def _see(connection: Connection, batch: Batch, now: datetime.datetime) -> bool:
    """Remember it for as long as it could be used again; False if it was seen before."""
    past = f"nonce {(now - _KEPT).astimezone(datetime.UTC):%Y%m%d%H}"
    connection.execute(delete(facts).where(facts.c.name > "nonce 0", facts.c.name < past))
    row = insert_ignoring(connection, facts, facts.c.name).values(name=_name(batch), value="")
    return connection.execute(row).rowcount > 0
