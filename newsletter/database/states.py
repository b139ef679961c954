"""The words that the ledger's columns hold."""

from __future__ import annotations

import enum


class State(enum.StrEnum):
    """How far a delivery has come, in the order in which a report names them."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    """A program has taken it into its queue; nothing has been handed over."""
    ATTEMPTING = "attempting"
    """Being handed over; written down before the message can be complete on the other side."""
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Handed over, perhaps taken: nobody can tell. Never tried again by itself."""
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


OPEN = (State.PLANNED, State.CLAIMED, State.ATTEMPTING, State.DEFERRED, State.UNKNOWN)
"""States that keep a campaign from being finished."""


class Control(enum.StrEnum):
    """What somebody wishes of a campaign; a program that sends obeys within a second."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Wait(enum.StrEnum):
    """How far a schedule has come."""

    WAITING = "waiting"
    STARTED = "started"
    MISSED = "missed"
    CANCELLED = "cancelled"
