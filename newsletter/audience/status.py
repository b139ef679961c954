"""Whether a reader may be mailed what goes to a list, and if not, why."""

from __future__ import annotations

import enum

from sqlalchemy import ColumnElement, FromClause, case

from newsletter.database.states import Subscription
from newsletter.database.tables import subscribers, subscriptions, suppressions


class Status(enum.StrEnum):
    """The four states of a subscription; only the confirmed ones are mailed."""

    PENDING = Subscription.PENDING.value
    """Asked for; the reader has not shown yet that the mailbox is theirs."""
    CONFIRMED = Subscription.CONFIRMED.value
    UNSUBSCRIBED = Subscription.UNSUBSCRIBED.value
    """Has left; comes back only on their own wish."""
    SUPPRESSED = "suppressed"
    """The address must never be mailed, whatever its subscriptions say."""


def status_column() -> ColumnElement[str]:
    """A subscription's state, to be selected from ``with_suppressions()``."""
    return case(
        (suppressions.c.email_hash.is_not(None), Status.SUPPRESSED.value),
        else_=subscriptions.c.status,
    ).label("status")


def with_suppressions() -> FromClause:
    """Subscriptions, each beside its reader, and the suppression of the address if there is one."""
    return subscriptions.join(
        subscribers, subscribers.c.id == subscriptions.c.subscriber_id
    ).outerjoin(suppressions, suppressions.c.email_hash == subscribers.c.email_hash)
