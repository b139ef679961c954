"""Sends like ``sending_program``, and dies of one reader's message: run by a test."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from newsletter.database.engine import Database
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.composition.press import Press
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.lock import sending_alone
from newsletter.delivery.sender import deliver
from newsletter.delivery.suspects import Suspects
from newsletter.delivery.transports import open_transport
from tests.unit.delivery.kit import NOON

POISON = "reader23@example.com"
sane = Press.message


def deadly(self: Press, recipient: Any, **more: Any) -> Any:
    if recipient.address == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    return sane(self, recipient, **more)


def main(folder: Path) -> None:
    Press.message = deadly  # type: ignore[method-assign]
    database = Database.open(folder / "newsletter.db")
    campaigns = Campaigns(database)
    campaign = campaigns.list()[0]
    with sending_alone(folder), Suspects.watch(folder) as suspects:
        deliver(
            Ledger(database, campaign),
            campaigns.edition(campaign),
            campaigns.sender(campaign),
            open_transport("maildir:outbox", root=folder, hello="example.org"),
            clock=lambda: NOON,
            suspects=suspects,
        )
    database.close()


main(Path(sys.argv[1]))
