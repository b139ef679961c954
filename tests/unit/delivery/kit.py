"""What tests of delivery build on."""

from __future__ import annotations

import datetime

from sqlalchemy import insert

from newsletter.database.engine import Database
from newsletter.database.tables import subscribers
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
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
    addresses = [f"reader{n}@example.com" for n in range(1, number + 1)]
    with database.writing() as connection:
        connection.execute(
            insert(subscribers),
            [
                {
                    "email": address,
                    "email_key": address,
                    "name": name or f"Reader {n}",
                    "attributes": {},
                    "status": "active",
                    "token": f"token{n:04}",
                    "created_at": NOON,
                }
                for n, address in enumerate(addresses, 1)
            ],
        )
    return addresses


def new_id() -> str:
    return make_sender().new_message_id()


def ledger_of(database: Database, campaign: Campaign) -> Ledger:
    return Ledger(database, campaign, random=lambda: 0.0)
