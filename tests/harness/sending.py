"""The program under test: sends the latest campaign of a database; run by tests, killed by them.

It prints, as JSON, how many deliveries are in each state. It ends with 0 if nothing is left to do,
3 if something is (deferred or planned; unknown is for people to decide), 1 after an error, which is
told on the other channel.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import signal
import sys
from pathlib import Path

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.lock import sending_alone
from newsletter.delivery.message import Sender
from newsletter.delivery.sender import deliver
from newsletter.delivery.smtp.relay import Relay
from newsletter.delivery.smtp.timeouts import Timeouts
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.errors import NewsletterError

LEFT = (State.PLANNED, State.CLAIMED, State.ATTEMPTING, State.DEFERRED)


def transport(port: int, connections: int, patience: float) -> SmtpTransport:
    """A relay on this machine; one that does not answer is waited for so many seconds."""
    waits = Timeouts(
        greeting=patience, command=patience, data=patience, block=patience, end=patience, quit=1
    )
    relay = Relay(
        host="127.0.0.1",
        port=port,
        hello="letter.example.org",
        connections=connections,
        timeouts=waits,
    )
    return SmtpTransport([relay])


def send(
    folder: Path, port: int, connections: int, patience: float, hours: float, *, restless: bool
) -> int:
    """Send what is due.

    Args:
        folder: With the database ``newsletter.db``.
        port: The relay's.
        connections: To the relay.
        patience: Seconds to wait for an answer.
        hours: By how much the clock is wrong.
        restless: It is stepped a day back or forth each time that somebody looks at it.
    """

    def clock() -> datetime.datetime:
        steps = random.choice((-24, 0, 24)) if restless else 0
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours + steps)

    stopped: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    with sending_alone(folder):
        database = Database.open(folder / "newsletter.db")
        campaigns = Campaigns(database)
        campaign = campaigns.list()[0]
        summary = deliver(
            Ledger(database, campaign),
            campaigns.edition(campaign),
            Sender.parse(from_="letter@example.org", base_url="https://letter.example.org"),
            transport(port, connections, patience),
            clock=clock,
            stop=lambda: bool(stopped),
        )
        database.close()
    print(json.dumps(dict(summary.states)))  # noqa: T201 - for whoever started us
    return 3 if any(summary.states.get(state) for state in LEFT) else 0


def main() -> int:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--connections", type=int, default=10)
    parser.add_argument("--patience", type=float, default=60)
    parser.add_argument("--hours", type=float, default=0)
    parser.add_argument("--restless", action="store_true")
    try:
        return send(**vars(parser.parse_args()))
    except NewsletterError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)  # noqa: T201 - as above
        return 1


if __name__ == "__main__":
    sys.exit(main())
