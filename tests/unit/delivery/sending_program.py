"""Sends the latest campaign of a database to a port: run by tests, to be killed by them."""

from __future__ import annotations

import datetime
import signal
import sys
from pathlib import Path

from newsletter.database.engine import Database
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.lock import sending_alone
from newsletter.delivery.message import Sender
from newsletter.delivery.sender import deliver
from newsletter.delivery.transports import open_transport


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def main(folder: Path, port: str) -> None:
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    sender = Sender.parse(from_="letter@example.org", base_url="https://letter.example.org")
    with sending_alone(folder):
        database = Database.open(folder / "newsletter.db")
        campaigns = Campaigns(database)
        campaign = campaigns.list()[0]
        ledger = Ledger(database, campaign)
        deliver(
            ledger,
            campaigns.edition(campaign),
            sender,
            open_transport(
                f"smtp://127.0.0.1:{port}?security=none&connections=1",
                root=folder,
                hello=sender.domain,
            ),
            clock=now,
            stop=lambda: bool(stopped),
        )
        database.close()


main(Path(sys.argv[1]), sys.argv[2])
