"""Whether a reader may be mailed, and if not, why."""

from __future__ import annotations

import enum

from sqlalchemy import ColumnElement, FromClause, case

from newsletter.database.tables import subscribers, suppressions


class Status(enum.StrEnum):
    """The three states of a reader; only the first is mailed."""

    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    """Has left; comes back only on their own wish."""
    SUPPRESSED = "suppressed"
    """The address must never be mailed, whatever the reader's row says."""


def status_column() -> ColumnElement[str]:
    """A reader's state, to be selected from ``with_suppressions()``."""
    return case(
        (suppressions.c.email_key.is_not(None), Status.SUPPRESSED.value),
        else_=subscribers.c.status,
    ).label("status")


def with_suppressions() -> FromClause:
    """Subscribers, each beside the suppression of their address if there is one."""
    return subscribers.outerjoin(suppressions, suppressions.c.email_key == subscribers.c.email_key)
