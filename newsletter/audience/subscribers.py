"""Subscribers: readers who asked for the newsletter, one row an address, for good.

Whoever leaves keeps a row, so that no list imported later brings them back.
"""

from __future__ import annotations

import datetime
import enum
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from newsletter.audience import address
from newsletter.audience.profile import Profile
from newsletter.audience.status import Status, status_column, with_suppressions
from newsletter.audience.text import clean, quoted
from newsletter.database.dialects import contains, insert_ignoring
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, suppressions
from newsletter.errors import AudienceError, NotFoundError

Clock = Callable[[], datetime.datetime]
"""Tells the time, with its zone."""

TokenSource = Callable[[], str]
"""Makes tokens: letters and digits, 128 random bits at least, never the same twice."""

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One reader.

    Attributes:
        id: Number of the row.
        email: Address as it goes on the wire.
        name: Name, or empty.
        language: BCP 47 tag, or empty.
        attributes: Further values by merge field.
        status: Whether they are mailed.
        token: Names the reader in links; tells nothing about them.
        created_at: When they came, UTC.
        unsubscribed_at: When they left, UTC.
    """

    id: int
    email: str
    name: str
    language: str
    attributes: Mapping[str, str]
    status: Status
    token: str = field(repr=False)
    created_at: datetime.datetime
    unsubscribed_at: datetime.datetime | None


class Change(enum.StrEnum):
    """What ``add`` has done."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    RESUBSCRIBED = "resubscribed"


def utc_now() -> datetime.datetime:
    """The time of this machine."""
    return datetime.datetime.now(datetime.UTC)


def random_token() -> str:
    """128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def add(
    database: Database,
    email: str,
    profile: Profile,
    *,
    resubscribe: bool = False,
    clock: Clock = utc_now,
    new_token: TokenSource = random_token,
) -> Change:
    """Add one reader, or lay further values over what is known of them.

    Args:
        database: Where to.
        email: The address, as typed.
        profile: What is known of the reader.
        resubscribe: Whether somebody who left may come back: only on their own wish.
        clock: Tells the time.
        new_token: Makes the reader's token.

    Raises:
        AudienceError: The address is none, is suppressed, or its reader has left.
        DatabaseError: The database cannot be written.
    """
    parsed = address.parse(email)
    with database.writing() as connection:
        if _is_suppressed(connection, parsed.key):
            raise AudienceError(
                f"{parsed.email} is suppressed: this address must not be mailed",
                "It bounced, complained, or was suppressed by hand; use another address.",
            )
        # Locked, where others may write: a reader who leaves meanwhile must not be brought back.
        known_row = (
            select(subscribers).where(subscribers.c.email_key == parsed.key).with_for_update()
        )
        row = connection.execute(known_row).one_or_none()
        if row is None:
            added = connection.execute(
                insert_ignoring(connection, subscribers, subscribers.c.email_key).values(
                    email=parsed.email,
                    email_key=parsed.key,
                    name=profile.name,
                    language=profile.language,
                    attributes=dict(profile.attributes),
                    status=Status.ACTIVE.value,
                    token=new_token(),
                    created_at=clock(),
                )
            )
            if added.rowcount:
                return Change.ADDED
            # Somebody else has just added the same address.
            row = connection.execute(known_row).one()
        has_left = row.status == Status.UNSUBSCRIBED
        if has_left and not resubscribe:
            raise AudienceError(
                f"{parsed.email} has unsubscribed",
                "Only if the reader asked for it, add them again with --resubscribe.",
            )
        known = Profile(row.name, row.language, row.attributes)
        merged = profile.over(known)
        if merged == known and not has_left:
            return Change.UNCHANGED
        connection.execute(
            subscribers.update()
            .where(subscribers.c.id == row.id)
            .values(
                name=merged.name,
                language=merged.language,
                attributes=merged.attributes,
                status=Status.ACTIVE.value,
                unsubscribed_at=None,
            )
        )
        return Change.RESUBSCRIBED if has_left else Change.UPDATED


def remove(database: Database, reader: str, *, clock: Clock = utc_now) -> bool:
    """Unsubscribe a reader; the row stays.

    Args:
        database: Where they are.
        reader: Their address, or their unsubscribe link or its token.
        clock: Tells the time.

    Returns:
        Whether they were subscribed until now.

    Raises:
        AudienceError: The address is none.
        NotFoundError: There is no such reader.
        DatabaseError: The database cannot be written.
    """
    found = get(database, reader)
    with database.writing() as connection:
        left = connection.execute(
            subscribers.update()
            .where(subscribers.c.id == found.id, subscribers.c.status == Status.ACTIVE.value)
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
    with database.writing() as connection:
        new = connection.execute(
            insert_ignoring(connection, suppressions).values(
                email_key=parsed.key, reason=reason, created_at=clock()
            )
        )
        return new.rowcount > 0


def get(database: Database, reader: str) -> Subscriber:
    """The reader with an address, or with the token of an unsubscribe link.

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
        wanted = subscribers.c.token == reader.strip().rstrip("/").rpartition("/")[2]
    with database.reading() as connection:
        row = connection.execute(_subscribers().where(wanted)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no subscriber {quoted(reader)}",
            "See who is there with: newsletter subscribers list --search TEXT",
        )
    return _subscriber(row)


def numbered(database: Database, number: int) -> Subscriber:
    """The reader whose row has a number.

    Raises:
        NotFoundError: There is no such reader.
        DatabaseError: The database cannot be read.
    """
    with database.reading() as connection:
        row = connection.execute(_subscribers().where(subscribers.c.id == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no subscriber number {number}", "Choose another one.")
    return _subscriber(row)


def list_subscribers(
    database: Database, *, status: Status | None = None, search: str = ""
) -> Iterator[Subscriber]:
    """Readers in the order in which they came, read page by page.

    Args:
        database: Where from.
        status: Only those in this state.
        search: Only those with this text in their address or name; case does not matter.

    Raises:
        DatabaseError: The database cannot be read.
    """
    query = _matching(database, _subscribers(), status, search).order_by(subscribers.c.id)
    query = query.limit(_PAGE)
    last = 0
    while True:
        # A transaction a page: a reader who stops half-way leaves none open.
        with database.reading() as connection:
            page = connection.execute(query.where(subscribers.c.id > last)).all()
        yield from (_subscriber(row) for row in page)
        if len(page) < _PAGE:
            return
        last = page[-1].id


def count(database: Database, *, status: Status | None = None, search: str = "") -> int:
    """How many readers ``list_subscribers`` would give.

    Raises:
        DatabaseError: The database cannot be read.
    """
    everybody = select(func.count()).select_from(with_suppressions())
    query = _matching(database, everybody, status, search)
    with database.reading() as connection:
        return connection.scalar(query) or 0


def _subscribers() -> Select[Any]:
    columns = (subscribers.c[name] for name in Subscriber.__dataclass_fields__ if name != "status")
    return select(*columns, status_column()).select_from(with_suppressions())


def _subscriber(row: Row[Any]) -> Subscriber:
    values = row._asdict()
    return Subscriber(**{**values, "status": Status(values["status"])})


def _matching(
    database: Database, query: Select[Any], status: Status | None, search: str
) -> Select[Any]:
    if status is not None:
        query = query.where(status_column() == status.value)
    if search:
        query = query.where(
            or_(
                contains(database.dialect, subscribers.c.email, search),
                contains(database.dialect, subscribers.c.name, search),
            )
        )
    return query


def _is_suppressed(connection: Connection, key: str) -> bool:
    query = select(suppressions.c.email_key).where(suppressions.c.email_key == key)
    return connection.scalar(query) is not None
