"""How fast messages may leave: a pure count of tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.errors import ConfigurationError

_PER = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}
_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*/\s*(s|min|m|h|d)\s*")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many messages in so much time.

    Attributes:
        messages: How many.
        seconds: In how long.
    """

    messages: float
    seconds: float

    @classmethod
    def parse(cls, text: str) -> Rate | None:
        """``50/s``, ``600/min``, ``20000/h``, ``50000/d``; None for an empty text: no limit.

        Raises:
            ConfigurationError: It is not a rate.
        """
        if not text.strip():
            return None
        match = _FORM.fullmatch(text)
        if not match or not float(match[1]):
            raise ConfigurationError(
                f"rate: {text!r} is not a rate", "Write it like this: 50/s, 600/min or 20000/h."
            )
        return cls(float(match[1]), _PER[match[2]])

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    def shared_by(self, programs: int) -> Rate:
        """The share of one of several programs that keep to it together."""
        return Rate(self.messages / programs, self.seconds)

    def __str__(self) -> str:
        unit = next(name for name, seconds in _PER.items() if seconds == self.seconds)
        return f"{self.messages:g}/{unit}"


class Bucket:
    """A token bucket: lets messages go at a rate, with at most a second's worth at once.

    Args:
        rate: The rate; None for no limit.
        now: Seconds on any clock that only goes forward.
    """

    def __init__(self, rate: Rate | None, now: float) -> None:
        self._rate = rate
        self._tokens = self._most
        self._at = now

    @property
    def rate(self) -> Rate | None:
        """The present rate."""
        return self._rate

    @property
    def _most(self) -> float:
        return max(1.0, self._rate.per_second) if self._rate else 1.0

    def change(self, rate: Rate | None, now: float) -> None:
        """Go on at another rate; what was saved up counts for no more than a second of it."""
        self._fill(now)
        self._rate = rate
        self._tokens = min(self._tokens, self._most)

    def take(self, now: float) -> bool:
        """Whether a message may go now; if so, it is counted."""
        if self._rate is None:
            return True
        self._fill(now)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def wait(self, now: float) -> float:
        """Seconds until a message may go."""
        if self._rate is None:
            return 0.0
        self._fill(now)
        return max(0.0, (1 - self._tokens) / self._rate.per_second)

    def give_back(self) -> None:
        """A message that was counted did not go."""
        self._tokens = min(self._tokens + 1, self._most)

    def _fill(self, now: float) -> None:
        if self._rate:
            gained = max(0.0, now - self._at) * self._rate.per_second
            self._tokens = min(self._tokens + gained, self._most)
        self._at = now
