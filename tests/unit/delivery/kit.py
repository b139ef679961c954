"""What tests of delivery build on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, literal, select, update

from newsletter.audience.lists import MAIN
from newsletter.database.engine import Database
from newsletter.database.states import State, Subscription
from newsletter.database.tables import subscribers, subscriptions, suppressions
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.delivery.outcome import Outcome
from newsletter.delivery.settlement import settle
from newsletter.delivery.workers import Worker
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Merged, Slot

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime.datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += datetime.timedelta(**parts)


def make_sender(base_url: str = "https://letter.example.org") -> Sender:
    return Sender.parse(
        from_="The Harbour Letter <letter@example.org>",
        bounce_address="bounces@example.org",
        list_name="The Harbour Letter",
        base_url=base_url,
    )


def make_edition(subject: str = "Ferry to run all winter", text: str = "") -> Edition:
    name_html = Slot("name", "reader", Context.HTML)
    name_text = Slot("name", "reader", Context.TEXT)
    link = Slot("unsubscribe_url", "", Context.TEXT)
    return Edition(
        slug="2026-11-20",
        date=datetime.date(2026, 11, 20),
        language="en",
        subject=Merged((subject,)),
        preheader=Merged(("The council has voted.",)),
        html=Merged(
            (
                '<!doctype html><html lang="en"><body><h1>Ferry</h1><p>Dear ',
                name_html,
                ',</p><p><a href="',
                Slot("unsubscribe_url", "", Context.HTML),
                '">Unsubscribe</a></p></body></html>\n',
            )
        ),
        text=Merged(("Dear ", name_text, ",\n\n", text, "\nUnsubscribe: ", link, "\n")),
    )


def add_readers(database: Database, number: int, *, name: str = "") -> list[str]:
    """So many readers of the usual list."""
    addresses = [f"reader{n}@example.com" for n in range(1, number + 1)]
    with database.writing() as connection:
        connection.execute(
            insert(subscribers),
            [
                {**row(database, address), "name": name or f"Reader {n}"}
                for n, address in enumerate(addresses, 1)
            ],
        )
        put_on_list(connection)
    return addresses


def put_on_list(connection: Connection, name: str = MAIN) -> None:
    """Everybody has confirmed a list; nobody may be on it yet."""
    everybody = select(
        subscribers.c.id,
        literal(name),
        literal(Subscription.CONFIRMED.value),
        subscribers.c.created_at,
        literal("a test"),
    )
    connection.execute(
        insert(subscriptions).from_select(
            ["subscriber_id", "list", "status", "confirmed_at", "source"],
            everybody.order_by(subscribers.c.id),
        )
    )


def add_reader(database: Database, address: str, *lists: str, **values: Any) -> None:
    """A reader who has confirmed some lists; without any, the usual one."""
    with database.writing() as connection:
        number = connection.execute(
            insert(subscribers)
            .values({**row(database, address), **values})
            .returning(subscribers.c.id)
        ).scalar_one()
        for name in lists or (MAIN,):
            connection.execute(
                insert(subscriptions).values(
                    subscriber_id=number,
                    list=name,
                    status=Subscription.CONFIRMED.value,
                    confirmed_at=NOON,
                    source="a test",
                )
            )


def row(database: Database, address: str) -> dict[str, Any]:
    """A row of ``subscribers``."""
    return {
        "email": address,
        "email_key": address,
        "email_hash": database.keys.hash(address),
        "attributes": {},
        "created_at": NOON,
    }


def suppress(database: Database, address: str) -> None:
    """Never to be mailed again."""
    with database.writing() as connection:
        connection.execute(
            insert(suppressions).values(
                email_hash=database.keys.hash(address), reason="bounce", created_at=NOON
            )
        )


def leave(database: Database, address: str, *lists: str) -> None:
    """A reader unsubscribes from some lists; without any, from all."""
    which: ColumnElement[bool] = subscriptions.c.subscriber_id.in_(
        select(subscribers.c.id).where(subscribers.c.email == address)
    )
    if lists:
        which &= subscriptions.c.list.in_(lists)
    with database.writing() as connection:
        connection.execute(
            update(subscriptions)
            .where(which)
            .values(status=Subscription.UNSUBSCRIBED.value, unsubscribed_at=NOON)
        )


def new_id() -> str:
    return make_sender().new_message_id()


def ledger_of(database: Database, campaign: Campaign) -> Ledger:
    return Ledger(database, campaign)


@dataclass
class Hand:
    """A program that takes deliveries one by one, as the engine does with many."""

    ledger: Ledger
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = self.ledger.start_worker(NOON, alone=True)

    def claim(self, now: datetime.datetime = NOON) -> Claimed | None:
        return next(iter(self.ledger.claim(self.worker, 1, now, new_id)), None)

    def begin(self, claimed: Claimed, now: datetime.datetime = NOON) -> bool:
        written = self.ledger.write(self.worker, [claimed], [], now)
        return claimed.id in written.attempting

    def settle(self, claimed: Claimed, outcome: Outcome, now: datetime.datetime = NOON) -> State:
        settlement = settle(claimed, outcome, now, self.ledger.give_up_at, lambda: 0.0)
        self.ledger.write(self.worker, [], [settlement], now)
        return settlement.state

    def one(self, outcome: Outcome, now: datetime.datetime = NOON) -> Claimed | None:
        """Claim, begin and settle the next delivery."""
        if (claimed := self.claim(now)) and self.begin(claimed, now):
            self.settle(claimed, outcome, now)
        return claimed
