"""What the ledger writes down for an outcome: a pure decision."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.database.states import State
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.outcome import Accepted, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.retry import next_attempt

IN_REPLY_TO = " (in reply to "
"""Comes before the SMTP command in the reason of a refusal, as mail servers write it in bounces."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one attempt ended.

    Attributes:
        claimed: The delivery.
        state: Its new state.
        detail: Reply or reason, without addresses.
        due: When it is tried again; None if it is not.
    """

    claimed: Claimed
    state: State
    detail: str = ""
    due: datetime.datetime | None = None


def settle(
    claimed: Claimed,
    outcome: Outcome,
    now: datetime.datetime,
    give_up_at: datetime.datetime,
    random: Callable[[], float],
) -> Settlement:
    """What to write down.

    Args:
        claimed: The delivery.
        outcome: What the transport said.
        now: The time.
        give_up_at: After this it is not tried again.
        random: Gives a number from 0 up to 1, for the jitter of retries.
    """
    match outcome:
        case Accepted(reply):
            return Settlement(claimed, State.ACCEPTED, reply)
        case Failed(reason, _, in_reply_to):
            detail = f"{reason}{IN_REPLY_TO}{in_reply_to})" if in_reply_to else reason
            return Settlement(claimed, State.FAILED, detail)
        case Unknown(reason):
            return Settlement(claimed, State.UNKNOWN, reason)
        case Deferred(reason, _, retry_after):
            due = next_attempt(claimed.attempts, now, random, retry_after)
            if due > give_up_at:
                return Settlement(claimed, State.EXPIRED, reason)
            return Settlement(claimed, State.DEFERRED, reason, due)
