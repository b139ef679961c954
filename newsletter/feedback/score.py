"""When bounces that prove nothing by themselves have become too many: a pure decision.

Two rules, and whichever is fulfilled first decides. *Points:* one for each day on which something
bounced; five are too many. Mailman has counted like this for twenty years, but forgets after a
week, which suits a list with mail every day and not a weekly letter. *Dead, twice:* two different
letters of which a server said that there is no such mailbox, on different days.

Both forget what was before a letter that arrived.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LIMIT = 5
"""Points with which an address is given up."""

FORGOTTEN_AFTER = 35
"""So many days (UTC) in a row without a bounce, and counting of points starts again. The points of
a monthly letter just add up."""

BOTH_WITHIN = 60
"""Days (UTC) between two hard bounces that count together."""

SILENCE = 7
"""Days (UTC) after which a letter that was taken counts as arrived. Mail servers return what they
could not deliver after five days as a rule (RFC 5321 §4.5.4.1 asks for at least four to five)."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """Something that came back and counts against a reader.

    Attributes:
        at: When, aware.
        letter: Number of the delivery; None if it is not known any more.
        hard: A server said that there is no such mailbox.
    """

    at: datetime.datetime
    letter: int | None
    hard: bool = False


def given_up_at(
    bounces: Iterable[Bounce], silent: Iterable[datetime.datetime] = ()
) -> datetime.datetime | None:
    """When an address had bounced too often.

    It depends on what is given alone, not on its order nor on the time at which one asks. One more
    bounce never makes it later, nor does one letter less that arrived: whoever learns these things
    one after the other ends where somebody ends who learns them all at once.

    Args:
        bounces: All that came back for the reader, in any order.
        silent: When those letters were sent to the reader that were taken and did not come back,
            aware, in any order. Each counts only for bounces of seven days later and more: before,
            it might still have come back.

    Returns:
        When the bounce happened that was too much; None if there was none.
    """
    known = sorted(bounces, key=lambda bounce: bounce.at)
    arrivals = [_day(sent) for sent in silent]
    found = [_five_points(known, arrivals), _dead_twice(known, arrivals)]
    return min((at for at in found if at is not None), default=None)


def _five_points(
    bounces: Sequence[Bounce], arrivals: Sequence[datetime.date]
) -> datetime.datetime | None:
    """The first bounce of the day of the fifth point."""
    first_of_day: dict[datetime.date, datetime.datetime] = {}
    for bounce in bounces:
        first_of_day.setdefault(_day(bounce.at), bounce.at)
    points, before = 0, None
    for day, at in first_of_day.items():
        forgotten = before is None or (
            _days(before, day) > FORGOTTEN_AFTER or _arrived(before, day, arrivals)
        )
        points = 1 if forgotten else points + 1
        if points == LIMIT:
            return at
        before = day
    return None


def _dead_twice(
    bounces: Sequence[Bounce], arrivals: Sequence[datetime.date]
) -> datetime.datetime | None:
    """The first hard bounce that another letter's on an earlier day stands behind."""
    # A letter that nobody knows any more might be the same one as any other.
    once: dict[tuple[datetime.date, int], Bounce] = {}
    for bounce in bounces:
        if bounce.hard and bounce.letter is not None:
            once.setdefault((_day(bounce.at), bounce.letter), bounce)
    hard = list(once.values())
    for number, second in enumerate(hard):
        today = _day(second.at)
        for first in hard[:number]:
            day = _day(first.at)
            if (
                first.letter != second.letter
                and 0 < _days(day, today) <= BOTH_WITHIN
                and not _arrived(day, today, arrivals)
            ):
                return second.at
    return None


def _arrived(before: datetime.date, day: datetime.date, arrivals: Sequence[datetime.date]) -> bool:
    """Whether a letter arrived in between: sent after one bounce, long enough before the other."""
    return any(before < sent and _days(sent, day) >= SILENCE for sent in arrivals)


def _day(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(datetime.UTC).date()


def _days(earlier: datetime.date, later: datetime.date) -> int:
    return (later - earlier).days
