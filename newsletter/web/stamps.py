"""A sign in every form that it came from here, when, and what was shown with it.

It stands in for a session: nothing is kept. A program that fills in forms faster than a person, or
one that has kept an old form, gets it shown again. What readers agreed to is sealed in, too, so
that what is written down is what they saw.
"""

from __future__ import annotations

import datetime
import enum
import hmac

from newsletter.database.keys import Keys

FASTEST = datetime.timedelta(seconds=1)
"""Nobody types an address sooner."""

OLDEST = datetime.timedelta(hours=24)


class Stamp(enum.Enum):
    """What a stamp says."""

    GOOD = "good"
    AGAIN = "again"
    """Too fast, too old, of other words, or none of ours: show the form anew."""


class Stamps:
    """Makes and reads stamps.

    Args:
        keys: Those of the newsletter; all programs that serve its pages need the same.
    """

    def __init__(self, keys: Keys) -> None:
        self._key = hmac.digest(keys.links[0], b"stamps of forms", "sha256")

    def make(self, shown: str, now: datetime.datetime) -> str:
        """A stamp for a form.

        Args:
            shown: What is shown with it.
            now: The time.
        """
        when = f"{int(now.timestamp() * 1000):x}"
        return f"{when}-{self._seal(when, shown)}"

    def read(self, stamp: str, shown: str, now: datetime.datetime) -> Stamp:
        """Whether a form may be taken.

        Args:
            stamp: As it came back.
            shown: What would be shown with the form now.
            now: The time.
        """
        when, _, seal = stamp.partition("-")
        if not (stamp.isascii() and hmac.compare_digest(seal, self._seal(when, shown))):
            return Stamp.AGAIN
        age = now - datetime.datetime.fromtimestamp(int(when, 16) / 1000, datetime.UTC)
        return Stamp.GOOD if FASTEST <= age <= OLDEST else Stamp.AGAIN

    def _seal(self, when: str, shown: str) -> str:
        return hmac.digest(self._key, f"{when} {shown}".encode(), "sha256")[:16].hex()
