"""One machine of several: sends the latest campaign of a PostgreSQL database; run by tests.

It prints how many deliveries are in each state, as JSON. It ends with 0 if nothing is left to do,
3 if something is, 1 after an error, which is told on the other channel.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

from newsletter.database import postgresql
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.delivery import preparation, workers
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.sender import deliver
from newsletter.delivery.transports import open_transport
from newsletter.errors import NewsletterError


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def main(name: str, url: str, port: str, connections: str, lease: str, keys: str) -> int:
    # Tests wait until a lease has run out; a real one is longer.
    workers.LEASE = datetime.timedelta(seconds=float(lease))
    postgresql.IDLE_SECONDS = float(lease) / 2
    preparation.BLOCK = 50
    database = Database.open(url, keys=Keys.load(Path(keys)))
    campaigns = Campaigns(database)
    campaign = campaigns.list()[0]
    sender = campaigns.sender(campaign)
    transport = open_transport(
        f"smtp://127.0.0.1:{port}?security=none&connections={connections}",
        root=Path.cwd(),
        hello=f"{name}.example.org",
    )
    try:
        summary = deliver(
            Ledger(database, campaign),
            campaigns.edition(campaign),
            sender,
            transport,
            clock=now,
            alone=False,
        )
    except NewsletterError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)  # noqa: T201 - for the test
        return 1
    finally:
        database.close()
    print(json.dumps(dict(summary.states)))  # noqa: T201 - for the test
    return 0 if summary.finished else 3


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
