"""How much one destination is given at a time, and when it is left alone: pure decisions.

A destination is a recipient's domain. Behind a relay that queues, its answers are the same for all
and nothing here is ever slowed down; a relay that hands on what the destinations say, or a direct
way to them, is where this matters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from newsletter.delivery.outcome import About, Deferred, Outcome
from newsletter.delivery.rate import Bucket, Rate
from newsletter.delivery.refusals import IN_A_ROW

AT_FIRST = 2.0
"""Messages in hand for a destination that has not answered yet."""

GIVE_UP_AFTER = IN_A_ROW + 1
"""Site refusals in a row after which a destination is left alone for a while; one more than pauses
the campaign, if nobody else gets through between them."""

SHORT_REST = 300.0
"""Seconds that a destination rests after so many refusals."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A destination asks to be left alone.

    Attributes:
        seconds: For how long.
        spacing: Seconds between two messages for that long afterwards; 0 for none.
    """

    seconds: float
    spacing: float = 0.0


_RESTS = (
    # Gmail's "unusual rate of unsolicited mail from your address": at least ten minutes.
    (re.compile(r"\b4\.7\.28\b"), Rest(600)),
    # Yahoo's user complaints or unusual volume.
    (re.compile(r"\[TS0[1-4]\]"), Rest(7200)),
    (
        re.compile(
            r"rate.?limited due to IP reputation|temporarily deferred|server busy|"
            r"unusual rate|too many messages",
            re.IGNORECASE,
        ),
        Rest(60, spacing=60),
    ),
)


def rest_for(reason: str) -> Rest | None:
    """The rest that a reply asks for; None if it is an ordinary one."""
    return next((rest for pattern, rest in _RESTS if pattern.search(reason)), None)


@dataclass(slots=True)
class _Destination:
    limit: float
    busy: int = 0
    refused: int = 0
    rests_until: float = 0.0
    spaced_until: float = 0.0
    spacing: float = 0.0
    next_at: float = 0.0
    recovering: bool = False


class Destinations:
    """What is in hand for each destination. Times are seconds on a clock that only goes forward.

    The limit grows by 1/limit with each message that a destination takes or judges, and halves
    with each refusal that is not about the reader; Postfix's scheduler, which settles near what
    the other side allows, is the model. After a rest that was asked for it begins with one message
    and grows by one with each that is taken.

    Args:
        most: Messages in hand for one destination at most.
        rates: How fast messages may leave for some of them.
        at_first: Messages in hand for a destination that has not answered yet.
    """

    def __init__(
        self,
        most: int,
        rates: Mapping[str, Rate] = MappingProxyType({}),
        at_first: float = AT_FIRST,
    ) -> None:
        self._most, self._at_first = float(most), at_first
        self._known: dict[str, _Destination] = {}
        self._buckets = {domain: Bucket(rate, 0.0) for domain, rate in rates.items()}

    def change_rates(self, rates: Mapping[str, Rate], now: float) -> None:
        """Go on with other rates."""
        before, self._buckets = self._buckets, {}
        for domain, rate in rates.items():
            if bucket := before.get(domain):
                bucket.change(rate, now)
            self._buckets[domain] = bucket or Bucket(rate, now)

    def may(self, domain: str, now: float) -> bool:
        """Whether one more message may be begun for a destination."""
        if self._buckets and (bucket := self._buckets.get(domain)) and bucket.wait(now):
            return False
        known = self._known.get(domain)
        if known is None:
            return True
        if now < known.rests_until or now < known.next_at:
            return False
        return known.busy < max(1, int(known.limit))

    def rests_for(self, domain: str, now: float) -> float:
        """Seconds that a destination is still to be left alone."""
        known = self._known.get(domain)
        return max(0.0, known.rests_until - now) if known else 0.0

    def begin(self, domain: str, now: float) -> None:
        """A message is begun."""
        known = self._known.get(domain)
        if known is None:
            known = self._known[domain] = _Destination(self._at_first)
        known.busy += 1
        if self._buckets and (bucket := self._buckets.get(domain)):
            bucket.take(now)
        if now < known.spaced_until:
            known.next_at = now + known.spacing

    def give_back(self, domain: str) -> None:
        """A message that was begun was not handed over, for no fault of the destination."""
        self._known[domain].busy -= 1
        if self._buckets and (bucket := self._buckets.get(domain)):
            bucket.give_back()

    def end(self, domain: str, outcome: Outcome, now: float) -> None:
        """What became of a message."""
        known = self._known[domain]
        known.busy -= 1
        rest = rest_for(outcome.reason) if isinstance(outcome, Deferred) else None
        if rest:
            known.limit, known.refused, known.recovering = 1.0, 0, True
            known.rests_until = max(known.rests_until, now + rest.seconds)
            if rest.spacing:
                known.spacing = rest.spacing
                known.spaced_until = known.rests_until + 90 * 60
        elif isinstance(outcome, Deferred) and outcome.about is About.SITE:
            known.limit = max(1.0, known.limit / 2)
            known.refused += 1
            if known.refused >= GIVE_UP_AFTER:
                known.refused = 0
                known.rests_until = max(known.rests_until, now + SHORT_REST)
        else:
            known.refused = 0
            known.limit += 1.0 if known.recovering else 1 / known.limit
            known.limit = min(known.limit, self._most)
            known.recovering = known.recovering and known.limit < self._most
