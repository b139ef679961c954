"""What a reader sees and changes on the page of their preferences."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from newsletter.audience.address import Address
from newsletter.audience.lists import ListOptions
from newsletter.audience.subscriptions import (
    confirm_only,
    leave_all,
    remember_wording,
    request,
    unsubscribe_in,
)
from newsletter.database.engine import Database
from newsletter.database.states import Subscription
from newsletter.database.tables import subscribers, subscriptions

SOURCE = "form of preferences"


@dataclass(frozen=True, slots=True)
class Preferences:
    """One reader, as they see themselves.

    Attributes:
        email: Their address.
        name: Their name, or empty.
        language: BCP 47, or empty.
        lists: Names of the lists that they are mailed.
        has_key: Whether their OpenPGP key is known.
    """

    email: str = field(repr=False)
    name: str = field(repr=False)
    language: str
    lists: frozenset[str]
    has_key: bool = False


def read_preferences(database: Database, subscriber_id: int) -> Preferences | None:
    """What is known of a reader; None if there is no such reader any more.

    Raises:
        DatabaseError: The database cannot be read.
    """
    with database.reading() as connection:
        return _read(connection, subscriber_id)


def change_preferences(
    database: Database,
    subscriber_id: int,
    wanted: Collection[str],
    lists: Mapping[str, ListOptions],
    *,
    name: str,
    language: str,
    wording: str,
    now: datetime.datetime,
) -> bool:
    """Put a reader on the lists that they ticked, and take them off the others.

    The link to the page proves the mailbox, so nothing need be confirmed. A list that is not public
    can be left there, and not joined. A name or a language that they change is their own word from
    then on: no import changes it by itself.

    Args:
        database: Where.
        subscriber_id: Who.
        wanted: Names of lists.
        lists: Those of the newsletter.
        name: The reader's name, or empty.
        language: BCP 47, or empty.
        wording: What the page said of joining a list.
        now: The time.

    Returns:
        False if there is no such reader any more.

    Raises:
        DatabaseError: The database cannot be written.
    """
    with database.writing() as connection:
        known = _read(connection, subscriber_id)
        if known is None:
            return False
        joined = [n for n in wanted if n in lists and lists[n].public and n not in known.lists]
        left = known.lists.difference(wanted)
        mine = subscriptions.c.subscriber_id == subscriber_id
        leaving = select(subscriptions.c.id).where(mine, subscriptions.c.list.in_(left))
        unsubscribe_in(connection, connection.execute(leaving).scalars().all(), now)
        row = connection.execute(
            select(subscribers).where(subscribers.c.id == subscriber_id).with_for_update()
        ).one()
        digest = remember_wording(connection, wording, now) if joined else ""
        for list_name in joined:
            number = request(
                connection,
                database.keys,
                Address(row.email, row.email_key),
                list_name,
                language=language,
                source=SOURCE,
                wording=digest,
                now=now,
            )
            confirm_only(connection, number, now)
        connection.execute(
            subscribers.update()
            .where(subscribers.c.id == subscriber_id)
            .values(
                name=name,
                language=language,
                own_fields=[
                    field
                    for field, said in (("name", name), ("language", language))
                    if field in row.own_fields or said != getattr(row, field)
                ],
            )
        )
        return True


def leave_everything(database: Database, subscriber_id: int, now: datetime.datetime) -> None:
    """A reader leaves all lists.

    Raises:
        DatabaseError: The database cannot be written.
    """
    with database.writing() as connection:
        leave_all(connection, subscriber_id, now)


def _read(connection: Connection, subscriber_id: int) -> Preferences | None:
    row = connection.execute(
        select(subscribers).where(subscribers.c.id == subscriber_id)
    ).one_or_none()
    if row is None:
        return None
    on = select(subscriptions.c.list).where(
        subscriptions.c.subscriber_id == subscriber_id,
        subscriptions.c.status == Subscription.CONFIRMED.value,
    )
    lists = frozenset(connection.execute(on).scalars())
    has_key = row.certificate is not None
    return Preferences(row.email, row.name, row.language, lists, has_key)
