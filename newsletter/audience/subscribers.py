"""Subscribers: readers who asked for the newsletter, one row an address, for good.

Whoever leaves keeps a row, so that no list imported later brings them back.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from newsletter.audience import address, suppression
from newsletter.audience.lists import MAIN
from newsletter.audience.profile import Profile
from newsletter.audience.segments.segment import Segment
from newsletter.audience.status import Status
from newsletter.audience.subscriber import Subscriber, Subscription, Wanted, read, readers
from newsletter.audience.text import clean, quoted
from newsletter.audience.tokens import Purpose, unseal
from newsletter.database.dialects import insert_ignoring
from newsletter.database.engine import Database
from newsletter.database.states import Suppressed
from newsletter.database.tables import subscribers, subscriptions
from newsletter.errors import AudienceError, NotFoundError

__all__ = [
    "BY_HAND",
    "Change",
    "Clock",
    "Subscriber",
    "Subscription",
    "add",
    "count",
    "get",
    "list_subscribers",
    "numbered",
    "remove",
    "suppress",
    "utc_now",
]

Clock = Callable[[], datetime.datetime]
"""Tells the time, with its zone."""

BY_HAND = "by hand"
"""Source of a subscription that somebody of the newsroom has made."""

_PAGE = 1000


class Change(enum.StrEnum):
    """What ``add`` has done."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFIRMED = "confirmed"
    """They had asked for it, but not confirmed yet."""
    RESUBSCRIBED = "resubscribed"


def utc_now() -> datetime.datetime:
    """The time of this machine."""
    return datetime.datetime.now(datetime.UTC)


def add(
    database: Database,
    email: str,
    profile: Profile,
    *,
    list_name: str = MAIN,
    source: str = BY_HAND,
    resubscribe: bool = False,
    clock: Clock = utc_now,
) -> Change:
    """Put one reader on a list at once, or lay further values over what is known of them.

    Args:
        database: Where to.
        email: The address, as typed.
        profile: What is known of the reader.
        list_name: The list; whether there is such a list is for the caller to see.
        source: Where their consent comes from, kept with the subscription.
        resubscribe: Whether somebody who left may come back: only on their own wish.
        clock: Tells the time.

    Raises:
        AudienceError: The address is none, is suppressed, or its reader has left this list.
        DatabaseError: The database cannot be written.
    """
    parsed = address.parse(email)
    now = clock()
    with database.writing() as connection:
        if suppression.is_suppressed(connection, database.keys, parsed):
            raise AudienceError(
                f"{parsed.email} is suppressed: this address must not be mailed",
                "It bounced, complained, or was suppressed by hand; use another address.",
            )
        # First of all: where others may write, too, it waits here for one who keeps all of them
        # out, before it holds anything that they wait for.
        connection.execute(
            insert_ignoring(connection, subscribers, subscribers.c.email_key).values(
                email=parsed.email,
                email_key=parsed.key,
                email_hash=database.keys.hash(parsed.key),
                name=profile.name,
                language=profile.language,
                attributes=dict(profile.attributes),
                created_at=now,
            )
        )
        row = connection.execute(
            select(subscribers).where(subscribers.c.email_key == parsed.key).with_for_update()
        ).one()
        known = Profile(row.name, row.language, row.attributes)
        merged = profile.over(known)
        held = _subscription(connection, row.id, list_name)
        if held is not None and held.status == Status.UNSUBSCRIBED and not resubscribe:
            raise AudienceError(
                f"{parsed.email} has unsubscribed",
                "Only if the reader asked for it, add them again with --resubscribe.",
            )
        if merged != known:
            connection.execute(
                subscribers.update()
                .where(subscribers.c.id == row.id)
                .values(name=merged.name, language=merged.language, attributes=merged.attributes)
            )
        change = _subscribe(connection, row.id, list_name, held, source, now)
        return Change.UPDATED if change is Change.UNCHANGED and merged != known else change


def _subscription(connection: Connection, subscriber_id: int, list_name: str) -> Any:
    # Locked, where others may write: a reader who leaves meanwhile must not be brought back.
    query = select(subscriptions.c.id, subscriptions.c.status).where(
        subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.list == list_name
    )
    return connection.execute(query.with_for_update()).one_or_none()


def _subscribe(
    connection: Connection,
    subscriber_id: int,
    list_name: str,
    held: Any,
    source: str,
    now: datetime.datetime,
) -> Change:
    if held is not None and held.status == Status.CONFIRMED:
        return Change.UNCHANGED
    values: dict[str, Any] = {
        "status": Status.CONFIRMED.value,
        "confirmed_at": now,
        "source": source,
    }
    if held is None:
        # Nobody else can have put them there: the reader's own row is locked.
        connection.execute(
            subscriptions.insert().values(subscriber_id=subscriber_id, list=list_name, **values)
        )
        return Change.ADDED
    has_left = held.status == Status.UNSUBSCRIBED
    if has_left:  # what they agreed to then is over
        values |= {"unsubscribed_at": None, "requested_at": None, "wording": ""}
    connection.execute(subscriptions.update().where(subscriptions.c.id == held.id).values(**values))
    return Change.RESUBSCRIBED if has_left else Change.CONFIRMED


def remove(
    database: Database, reader: str, *, list_name: str | None = None, clock: Clock = utc_now
) -> bool:
    """Unsubscribe a reader; the row stays.

    Args:
        database: Where they are.
        reader: Their address, or an unsubscribe link or its token, which is of one list.
        list_name: The list; None for all of them, or for that of the link.
        clock: Tells the time.

    Returns:
        Whether they were on it until now, or had asked for it.

    Raises:
        AudienceError: The address is none.
        NotFoundError: There is no such reader.
        DatabaseError: The database cannot be written.
    """
    if "@" in reader:
        wanted = subscriptions.c.subscriber_id == get(database, reader).id
    else:
        wanted = subscriptions.c.id == _unsealed(database, reader)
        get(database, reader)
    if list_name is not None:
        wanted &= subscriptions.c.list == list_name
    with database.writing() as connection:
        left = connection.execute(
            subscriptions.update()
            .where(wanted, subscriptions.c.status != Status.UNSUBSCRIBED.value)
            .values(status=Status.UNSUBSCRIBED.value, unsubscribed_at=clock())
        )
        return left.rowcount > 0


def suppress(database: Database, email: str, reason: str, *, clock: Clock = utc_now) -> bool:
    """Never mail an address again, whether or not it is a subscriber's; the first reason stays.

    Returns:
        Whether it was not suppressed until now.

    Raises:
        AudienceError: The address is none, or no reason is given.
        DatabaseError: The database cannot be written.
    """
    parsed = address.parse(email)
    reason = clean(reason, "reason")
    if not reason:
        raise AudienceError("no reason given", "Say why, in a few words, for those who ask later.")
    return suppression.suppress(
        database, parsed, Suppressed.BY_HAND, detail=reason, source=BY_HAND, now=clock()
    )


def get(database: Database, reader: str) -> Subscriber:
    """The reader with an address, or of an unsubscribe link.

    Args:
        database: Where to look.
        reader: The address, the link, or its last part.

    Raises:
        AudienceError: The address is none.
        NotFoundError: There is no such reader.
        DatabaseError: The database cannot be read.
    """
    if "@" in reader:
        wanted = subscribers.c.email_key == address.parse(reader).key
    else:
        owner = select(subscriptions.c.subscriber_id).where(
            subscriptions.c.id == _unsealed(database, reader)
        )
        wanted = subscribers.c.id == owner.scalar_subquery()
    query = readers(database.dialect, Wanted()).where(wanted)
    with database.reading() as connection:
        found = read(connection, query)
    if not found:
        raise _nobody(reader)
    return found[0]


def numbered(database: Database, number: int) -> Subscriber:
    """The reader whose row has a number.

    Raises:
        NotFoundError: There is no such reader.
        DatabaseError: The database cannot be read.
    """
    query = readers(database.dialect, Wanted()).where(subscribers.c.id == number)
    with database.reading() as connection:
        found = read(connection, query)
    if not found:
        raise NotFoundError(f"there is no subscriber number {number}", "Choose another one.")
    return found[0]


def list_subscribers(
    database: Database,
    *,
    list_name: str | None = None,
    status: Status | None = None,
    search: str = "",
    segment: Segment | None = None,
) -> Iterator[Subscriber]:
    """Readers in the order in which they came, each once, read page by page.

    Args:
        database: Where from.
        list_name: Only those who are, or were, on this list.
        status: Only those in this state, on that list or overall.
        search: Only those with this text in their address or name; case does not matter.
        segment: Only those of a segment.

    Raises:
        DatabaseError: The database cannot be read.
    """
    wanted = _wanted(list_name, status, search, segment)
    query = readers(database.dialect, wanted).order_by(subscribers.c.id).limit(_PAGE)
    last = 0
    while True:
        # A transaction a page: a reader who stops half-way leaves none open.
        with database.reading() as connection:
            page = read(connection, query.where(subscribers.c.id > last))
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1].id


def count(
    database: Database,
    *,
    list_name: str | None = None,
    status: Status | None = None,
    search: str = "",
    segment: Segment | None = None,
) -> int:
    """How many readers ``list_subscribers`` would give.

    Raises:
        DatabaseError: The database cannot be read.
    """
    wanted = _wanted(list_name, status, search, segment)
    query = wanted.query(database.dialect, func.count())
    with database.reading() as connection:
        return connection.scalar(query) or 0


def _wanted(
    list_name: str | None, status: Status | None, search: str, segment: Segment | None
) -> Wanted:
    return Wanted((list_name,) if list_name is not None else (), status, search, segment)


def _unsealed(database: Database, link: str) -> int:
    """Number of the subscription that an unsubscribe link is for."""
    token = link.strip().rstrip("/").rpartition("/")[2]
    numbers = unseal(database.keys, Purpose.UNSUBSCRIBE, token)
    if numbers is None:
        raise _nobody(link)
    return numbers[0]


def _nobody(reader: str) -> NotFoundError:
    return NotFoundError(
        f"there is no subscriber {quoted(reader)}",
        "See who is there with: newsletter subscribers list --search TEXT",
    )
