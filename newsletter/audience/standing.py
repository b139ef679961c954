"""What an imported list says of a reader: whether they may be mailed, and if never, why."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.audience.status import Status
from newsletter.audience.text import clean, quoted
from newsletter.database.states import Suppressed
from newsletter.errors import AudienceError


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a reader may be mailed.

    Attributes:
        status: Their status.
        reason: If they are suppressed: why.
    """

    status: Status
    reason: Suppressed = Suppressed.IMPORTED

    @property
    def has_left(self) -> bool:
        """Whether they must not be mailed, by their own wish or another's."""
        return self.status in _LEFT

    def or_worse(self, other: Standing) -> Standing:
        """The one of two that lets less be sent; a complaint counts more than a dead mailbox."""
        return max(self, other, key=_severity)


CONFIRMED = Standing(Status.CONFIRMED)
PENDING = Standing(Status.PENDING)
UNSUBSCRIBED = Standing(Status.UNSUBSCRIBED)
SUPPRESSED = Standing(Status.SUPPRESSED)
COMPLAINED = Standing(Status.SUPPRESSED, Suppressed.COMPLAINT)

_LEFT = (Status.UNSUBSCRIBED, Status.SUPPRESSED)
_ORDER = (CONFIRMED, PENDING, UNSUBSCRIBED, SUPPRESSED, COMPLAINED)

# Words that a "status" column may have in it, beside the program's own.
_WORDS = {
    "": CONFIRMED,
    "active": CONFIRMED,
    "subscribed": CONFIRMED,
    **{str(standing.status): standing for standing in _ORDER[:-1]},
}


def parse_standing(text: str) -> Standing:
    """What a cell of a column named ``status`` says; an empty one means confirmed.

    Raises:
        AudienceError: It is a word that nobody knows: whoever is meant must not be mailed by
            mistake.
    """
    standing = _WORDS.get(clean(text, "status").lower())
    if standing is None:
        raise AudienceError(
            f"status {quoted(text)} is not known",
            f"Write {', '.join(Status)}; whoever must not be mailed is not confirmed.",
        )
    return standing


def _severity(standing: Standing) -> int:
    return _ORDER.index(standing)
