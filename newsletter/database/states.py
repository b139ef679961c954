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


class Subscription(enum.StrEnum):
    """How far a reader's subscription to a list has come."""

    PENDING = "pending"
    """Asked for; the reader has not shown yet that the mailbox is theirs."""
    CONFIRMED = "confirmed"
    """The only one that is mailed."""
    UNSUBSCRIBED = "unsubscribed"
    """Has left; comes back only on their own wish."""


class Suppressed(enum.StrEnum):
    """Why an address is never mailed again."""

    BOUNCE = "bounce"
    """The mailbox is dead."""
    COMPLAINT = "complaint"
    """The reader called the letter spam."""
    BY_HAND = "by hand"
    """Somebody of the newsroom wished it."""
    IMPORTED = "imported"
    """A list that came from another program said so."""
    FORGOTTEN = "forgotten"
    """The reader asked to be forgotten."""


class Kind(enum.StrEnum):
    """What came back for a message."""

    DELIVERED = "delivered"
    """It is in the mailbox."""
    HARD = "hard"
    """The mailbox is dead."""
    SOFT = "soft"
    """Not now."""
    MAILBOX_FULL = "mailbox full"
    POLICY = "policy"
    """Refused for what it says or whom it is from, not for the reader."""
    COMPLAINT = "complaint"
    """The reader called it spam."""
    AUTO_REPLY = "auto-reply"
    UNSUBSCRIBED = "unsubscribed"
    """The reader left, by the provider's page or by mail."""
    OTHER = "other"
