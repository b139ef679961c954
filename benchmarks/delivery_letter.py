"""The letter and the readers that the delivery benchmarks send: 62 KB, personalised."""

from __future__ import annotations

import datetime
import random

from sqlalchemy import insert, literal, select

from newsletter.audience.lists import MAIN
from newsletter.database.engine import Database
from newsletter.database.states import Subscription
from newsletter.database.tables import subscribers, subscriptions
from newsletter.delivery.message import Sender
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Merged, Slot

TEXT = 8_000
HTML = 50_000
NOW = datetime.datetime(2026, 11, 20, 7, tzinfo=datetime.UTC)


def letter() -> Edition:
    """8 KB of text and 50 KB of HTML, name and unsubscribe link in both; 63 KB on the wire.

    As in a letter in English, few words need more than ASCII: each costs nine octets on the wire.
    """
    words = ["harbour", "ferry", "council", "market", "quay", "vote", "winter", "boat", "reader"]
    chance = random.Random(1)

    def prose(size: int, before: str = "", after: str = "\n\n") -> str:
        made: list[str] = []
        while sum(map(len, made)) < size:
            text = " ".join([*chance.choices(words, k=60), chance.choice(["–", "reader’s"]), "day"])
            made.append(before + text.capitalize() + "." + after)
        return "".join(made)

    def part(context: Context, body: str, end: str) -> Merged:
        name = Slot("name", "reader", context)
        link = Slot("unsubscribe_url", "", context)
        return Merged(("Dear ", name, ",\n\n", body, "\nUnsubscribe: ", link, end))

    style = '<p style="margin:0 0 16px;font-size:16px;line-height:24px;color:#222222">'
    return Edition(
        slug="2026-11-20",
        date=NOW.date(),
        language="en",
        subject=Merged(("Ferry to run all winter",)),
        preheader=Merged(("The council has voted.",)),
        html=part(Context.HTML, prose(HTML, style, "</p>\n"), "</body></html>\n"),
        text=part(Context.TEXT, prose(TEXT), "\n"),
    )


def sender() -> Sender:
    """Who it is from."""
    return Sender.parse(
        from_="The Harbour Letter <letter@example.org>",
        bounce_address="bounces@example.org",
        list_name="The Harbour Letter",
        base_url="https://letter.example.org",
    )


def add_readers(database: Database, number: int) -> None:
    """So many readers, all active."""
    for start in range(0, number, 10_000):
        rows = [
            {
                "email": f"reader{n}@example.com",
                "email_key": f"reader{n}@example.com",
                "name": f"Ada Sample {n}",
                "attributes": {},
                "email_hash": database.keys.hash(f"reader{n}@example.com"),
                "created_at": NOW,
            }
            for n in range(start, min(start + 10_000, number))
        ]
        with database.writing() as connection:
            connection.execute(insert(subscribers), rows)
    put_on_list(database)


def put_on_list(database: Database) -> None:
    """Everybody has confirmed the usual list."""
    everybody = select(
        subscribers.c.id,
        literal(MAIN),
        literal(Subscription.CONFIRMED.value),
        subscribers.c.created_at,
        literal("a benchmark"),
    )
    with database.writing() as connection:
        connection.execute(
            insert(subscriptions).from_select(
                ["subscriber_id", "list", "status", "confirmed_at", "source"],
                everybody.order_by(subscribers.c.id),
            )
        )
