"""What readers ask for on a page: written down at once, done afterwards.

A form does the same for every address: it adds one row here and says thank you. What is then done,
and whether anybody is mailed, happens later and elsewhere, so that the answer tells nothing.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from newsletter.database.dialects import skip_locked
from newsletter.database.engine import Database
from newsletter.database.tables import requests

GIVE_UP = datetime.timedelta(days=1)
"""After so long a request that cannot be answered is dropped."""

LEASE = datetime.timedelta(seconds=5)
"""So long a wish is nobody else's once it was taken, or held again. Whoever restarts after a kill
goes on with it when that is over."""

_FIRST_PAUSE = datetime.timedelta(minutes=1)
_LONGEST_PAUSE = datetime.timedelta(hours=1)


class Wish(enum.StrEnum):
    """What can be asked for."""

    SUBSCRIBE = "subscribe"
    """Content: email, lists, language, wording (the text itself), source."""
    PREFERENCES = "preferences"
    """Content: email, language."""
    CHANGE_ADDRESS = "change address"
    """Content: subscriber (number of the row), email (the new one), language."""


@dataclass(frozen=True, slots=True)
class Request:
    """One wish.

    Attributes:
        id: Number of the row.
        wish: What is asked for.
        content: What was typed, and where.
        created_at: When.
        attempts: How often it was taken into hand, this time included.
        message_id: Names the mails that answer it; None while none was to be sent yet.
    """

    id: int
    wish: Wish
    content: Mapping[str, Any] = field(repr=False)
    created_at: datetime.datetime
    attempts: int
    message_id: str | None


def ask(database: Database, wish: Wish, content: Mapping[str, Any], now: datetime.datetime) -> None:
    """Write a wish down; when this returns it is on stable storage.

    Raises:
        DatabaseError: The database cannot be written.
    """
    with database.writing() as connection:
        connection.execute(
            requests.insert().values(
                kind=wish.value, content=dict(content), created_at=now, next_attempt_at=now
            )
        )


def take(database: Database, now: datetime.datetime) -> Request | None:
    """The next wish that is due; nobody else takes it for ``LEASE``, and longer with ``hold``.

    A program that dies with a request in its hands leaves it to whoever asks after that.

    Raises:
        DatabaseError: The database cannot be read or written.
    """
    due = (
        select(requests)
        .where(requests.c.next_attempt_at <= now)
        .order_by(requests.c.next_attempt_at, requests.c.id)
        .limit(1)
    )
    with database.reading() as connection:
        if connection.execute(due).first() is None:
            return None
    with database.writing() as connection:
        row = connection.execute(skip_locked(due, requests)).one_or_none()
        if row is None:
            return None
        connection.execute(
            requests.update()
            .where(requests.c.id == row.id)
            .values(attempts=row.attempts + 1, next_attempt_at=now + LEASE)
        )
    return Request(
        row.id, Wish(row.kind), row.content, row.created_at, row.attempts + 1, row.message_id
    )


def hold(database: Database, request: Request, now: datetime.datetime) -> None:
    """Keep a wish that one is still at work on from being taken by others, from now on.

    Somebody who has taken it meanwhile keeps it.

    Raises:
        DatabaseError: The database cannot be written.
    """
    its = (requests.c.id == request.id) & (requests.c.attempts == request.attempts)
    with database.writing() as connection:
        connection.execute(requests.update().where(its).values(next_attempt_at=now + LEASE))


def done(database: Database, request: Request) -> None:
    """Nothing is left to do; what was typed is erased.

    Raises:
        DatabaseError: The database cannot be written.
    """
    with database.writing() as connection:
        connection.execute(requests.delete().where(requests.c.id == request.id))


def postpone(database: Database, request: Request, now: datetime.datetime) -> bool:
    """Try again later, after pauses that grow; False if it was given up and erased.

    Raises:
        DatabaseError: The database cannot be written.
    """
    if now - request.created_at >= GIVE_UP:
        done(database, request)
        return False
    pause = min(_FIRST_PAUSE * 2 ** min(request.attempts - 1, 10), _LONGEST_PAUSE)
    with database.writing() as connection:
        connection.execute(
            requests.update().where(requests.c.id == request.id).values(next_attempt_at=now + pause)
        )
    return True


def waiting(database: Database) -> int:
    """How many wishes are written down and not done.

    Raises:
        DatabaseError: The database cannot be read.
    """
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(requests)) or 0
