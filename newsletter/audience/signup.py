"""What is to be done about a reader's wish: decided, and written down, in one transaction."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from newsletter.audience import address, address_changes
from newsletter.audience.address import Address
from newsletter.audience.lists import ListOptions
from newsletter.audience.mail_cap import take_turn
from newsletter.audience.requests import Request, Wish
from newsletter.audience.subscriptions import confirm_only, remember_wording, request
from newsletter.audience.tokens import Purpose, seal
from newsletter.database.engine import Database
from newsletter.database.states import Subscription
from newsletter.database.tables import (
    requests,
    subscribers,
    subscriptions,
    suppressions,
)
from newsletter.errors import AudienceError


class Notice(enum.StrEnum):
    """A mail that a form brings about."""

    CONFIRM = "confirm"
    """Are you the one who asked? Then use this link."""
    ALREADY = "already"
    """Somebody asked to subscribe this address, which is subscribed; the link to preferences."""
    WELCOME = "welcome"
    """Subscribed to lists that ask for no confirmation."""
    PREFERENCES = "preferences"
    """The link that was asked for."""
    OLD_MAILBOX = "old mailbox"
    NEW_MAILBOX = "new mailbox"
    """To both ends of a change of address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail to be sent.

    Attributes:
        notice: Which.
        address: Where to, as it goes over the wire.
        token: The one in its link.
        lists: Names of the lists that it is about.
        language: BCP 47, of the reader.
        message_id: With angle brackets; the same however often it is tried.
    """

    notice: Notice
    address: str = field(repr=False)
    token: str = field(repr=False)
    lists: tuple[str, ...]
    language: str
    message_id: str


def settle(
    database: Database,
    wish: Request,
    lists: Mapping[str, ListOptions],
    new_message_id: Callable[[], str],
) -> tuple[Answer, ...]:
    """Do what a wish asks for, as far as it may be done, and say what is to be mailed.

    Done again after a crash it does nothing twice: the first time leaves a Message-ID behind.

    Args:
        database: Where.
        wish: From ``requests.take``.
        lists: Those of the newsletter.
        new_message_id: Makes a Message-ID with angle brackets.

    Returns:
        The mails that answer it; none if nobody must be mailed.

    Raises:
        DatabaseError: The database cannot be written.
    """
    try:
        typed = address.parse(str(wish.content["email"]))
    except (AudienceError, KeyError):
        return ()
    with database.writing() as connection:
        still_there = select(requests.c.id).where(requests.c.id == wish.id).with_for_update()
        if connection.execute(still_there).scalar_one_or_none() is None:
            return ()  # its reader was forgotten a moment ago
        one = _Settling(database, connection, wish, typed, new_message_id)
        if wish.wish is Wish.SUBSCRIBE:
            return one.subscribe(lists)
        if wish.wish is Wish.PREFERENCES:
            return one.preferences()
        return one.change_address()


class _Settling:
    """One wish, inside its transaction."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        wish: Request,
        typed: Address,
        new_message_id: Callable[[], str],
    ) -> None:
        self._keys = database.keys
        self._connection = connection
        self._wish = wish
        self._typed = typed
        self._hash = self._keys.hash(typed.key)
        self._language = str(wish.content.get("language", ""))
        self._new_message_id = new_message_id

    def subscribe(self, lists: Mapping[str, ListOptions]) -> tuple[Answer, ...]:
        wanted = [n for n in self._wish.content["lists"] if n in lists and lists[n].public]
        if not wanted or self._is_suppressed():
            return ()
        status = self._statuses()
        confirmed = Subscription.CONFIRMED.value
        new = [name for name in wanted if status.get(name) != confirmed]
        message_id = self._turn(is_reader=confirmed in status.values())
        if message_id is None:
            return ()
        if not new:
            if self._confirmed_since():  # tried before: the first mail has arrived after all
                return ()
            return (self._to_reader(Notice.ALREADY, message_id),)
        numbers = self._write_down(new)
        simple = [name for name in new if not lists[name].double_opt_in]
        for name in simple:
            confirm_only(self._connection, numbers[name], self._wish.created_at)
        if asked := [name for name in new if name not in simple]:
            return (self._confirm(tuple(asked), numbers[asked[0]], message_id),)
        return (self._to_reader(Notice.WELCOME, message_id, tuple(simple)),)

    def preferences(self) -> tuple[Answer, ...]:
        status = self._statuses()
        if not status or self._is_suppressed():
            return ()
        pending = {n: s for n, s in status.items() if s == Subscription.PENDING.value}
        is_reader = Subscription.CONFIRMED.value in status.values()
        message_id = self._turn(is_reader=is_reader)
        if message_id is None:
            return ()
        if len(pending) < len(status):
            return (self._to_reader(Notice.PREFERENCES, message_id),)
        mine = subscriptions.c.subscriber_id == self._subscriber()
        latest = (
            select(subscriptions.c.id)
            .where(mine)
            .order_by(subscriptions.c.requested_at.desc())
            .limit(1)
        )
        number = self._connection.execute(latest).scalar_one()
        return (self._confirm(tuple(pending), number, message_id),)

    def change_address(self) -> tuple[Answer, ...]:
        subscriber_id = int(self._wish.content["subscriber"])
        change = address_changes.begin(
            self._connection, subscriber_id, self._typed, self._wish.created_at
        )
        if change is None:
            return ()
        known = self._connection.execute(
            select(subscribers.c.email).where(subscribers.c.id == subscriber_id)
        ).scalar_one()
        old = self._token(Purpose.OLD_MAILBOX, change)
        new = self._token(Purpose.NEW_MAILBOX, change)
        # The old mailbox is told whatever the new one is: it may be a thief who asks.
        may_mail_new = not self._is_suppressed() and (
            self._wish.message_id is not None
            or take_turn(self._connection, self._hash, is_reader=False, now=self._wish.created_at)
        )
        message_id = self._message_id()
        answers = [Answer(Notice.OLD_MAILBOX, known, old, (), self._language, message_id)]
        if may_mail_new:
            # Nobody who sees both may find out that they belong together.
            domain = message_id.rpartition("@")[2]
            second = f"<{self._keys.hash(message_id)}@{domain}"
            answers.append(
                Answer(Notice.NEW_MAILBOX, self._typed.email, new, (), self._language, second)
            )
        return tuple(answers)

    def _write_down(self, names: list[str]) -> dict[str, int]:
        text = str(self._wish.content.get("wording", ""))
        when = self._wish.created_at
        wording = remember_wording(self._connection, text, when) if text else ""
        return {
            name: request(
                self._connection,
                self._keys,
                self._typed,
                name,
                language=self._language,
                source=str(self._wish.content.get("source", "form")),
                wording=wording,
                now=when,
            )
            for name in names
        }

    def _confirm(self, names: tuple[str, ...], number: int, message_id: str) -> Answer:
        token = self._token(Purpose.CONFIRM, number)
        return Answer(Notice.CONFIRM, self._typed.email, token, names, self._language, message_id)

    def _to_reader(self, notice: Notice, message_id: str, names: tuple[str, ...] = ()) -> Answer:
        token = self._token(Purpose.PREFERENCES, self._subscriber())
        return Answer(notice, self._typed.email, token, names, self._language, message_id)

    def _token(self, purpose: Purpose, number: int) -> str:
        return seal(self._keys, purpose, number, int(self._wish.created_at.timestamp()))

    def _turn(self, *, is_reader: bool) -> str | None:
        """The Message-ID of the answer, if the address may be mailed."""
        if self._wish.message_id is None and not take_turn(
            self._connection, self._hash, is_reader=is_reader, now=self._wish.created_at
        ):
            return None
        return self._message_id()

    def _message_id(self) -> str:
        if self._wish.message_id is not None:
            return self._wish.message_id
        message_id = self._new_message_id()
        mine = requests.c.id == self._wish.id
        self._connection.execute(requests.update().where(mine).values(message_id=message_id))
        return message_id

    def _is_suppressed(self) -> bool:
        known = select(suppressions.c.email_hash).where(suppressions.c.email_hash == self._hash)
        return self._connection.execute(known).first() is not None

    def _subscriber(self) -> int:
        known = select(subscribers.c.id).where(subscribers.c.email_key == self._typed.key)
        number: int = self._connection.execute(known).scalar_one()
        return number

    def _confirmed_since(self) -> bool:
        known = (
            select(subscriptions.c.id)
            .join(subscribers)
            .where(
                subscribers.c.email_key == self._typed.key,
                subscriptions.c.confirmed_at >= self._wish.created_at,
            )
        )
        return self._connection.execute(known).first() is not None

    def _statuses(self) -> dict[str, str]:
        theirs = (
            select(subscriptions.c.list, subscriptions.c.status)
            .join(subscribers)
            .where(subscribers.c.email_key == self._typed.key)
        )
        return {row.list: row.status for row in self._connection.execute(theirs)}
