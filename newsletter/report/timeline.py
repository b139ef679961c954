"""How many of something there were over time, in steps that are easy to read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_STEPS = tuple(
    datetime.timedelta(minutes=minutes)
    for minutes in (1, 5, 10, 30, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60, 7 * 24 * 60)
)

MOST = 60
"""Steps that a timeline has at most, but for those longer than a year."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Numbers of equal steps of time.

    Attributes:
        begin: When the first step begins, UTC.
        step: How long each is.
        numbers: How many there were in each; empty if there were none at all.
    """

    begin: datetime.datetime
    step: datetime.timedelta
    numbers: Sequence[int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.numbers)

    @property
    def end(self) -> datetime.datetime:
        """When the last step ends."""
        return self.begin + self.step * len(self.numbers)


def timeline(moments: Mapping[datetime.datetime, int], begin: datetime.datetime) -> Timeline:
    """A timeline of ``MOST`` steps at most, from the beginning to the last moment.

    Args:
        moments: How many there were at each moment.
        begin: When to begin; what was earlier counts to the first step.
    """
    if not moments:
        return Timeline(begin, _STEPS[0], ())
    length = max(max(moments) - begin, datetime.timedelta())
    step = next((step for step in _STEPS if length < step * MOST), _STEPS[-1])
    numbers = [0] * (int(length / step) + 1)
    for moment, number in moments.items():
        numbers[max(0, int((moment - begin) / step))] += number
    return Timeline(begin, step, tuple(numbers))
