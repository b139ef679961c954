"""Waiting for programs on other machines that still hold deliveries of the same campaign."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

from newsletter.database.states import Control
from newsletter.delivery.ledger import Ledger

LOOK = 1.0
"""Seconds between two looks at what the others hold."""


def leave_something(
    ledger: Ledger, clock: Callable[[], datetime.datetime], stop: Callable[[], bool]
) -> bool:
    """Wait until the others have settled all that they hold, or have left something to send.

    A program that is silent for longer than its lease is taken for dead, and what it had only
    claimed is anybody's again.

    Args:
        ledger: The campaign.
        clock: Tells the time.
        stop: Asked often; true ends the waiting.

    Returns:
        Whether there is something to send again.

    Raises:
        DatabaseError: The ledger is out of reach.
    """
    while ledger.held():
        if stop() or ledger.wishes().control is not Control.RUNNING:
            return False
        time.sleep(LOOK)
        ledger.settle_dead(clock(), alone=False)
        if ledger.due(clock()):
            return True
    return False
