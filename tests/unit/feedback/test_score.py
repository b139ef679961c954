from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from newsletter.feedback.score import LIMIT, given_up_at

START = datetime.datetime(2026, 9, 1, 12, 0, tzinfo=datetime.UTC)


def on(*days: float) -> list[datetime.datetime]:
    return [START + datetime.timedelta(days=day) for day in days]


def test_five_days_with_a_bounce_are_too_many_and_four_are_not() -> None:
    assert given_up_at(on(0, 1, 2, 3)) is None
    assert given_up_at(on(0, 1, 2, 3, 4)) == on(4)[0]


def test_one_day_counts_once_however_much_bounced() -> None:
    assert given_up_at(on(*(n / 100 for n in range(40)))) is None


def test_a_weekly_letter_to_a_full_mailbox_is_given_up_after_five_issues() -> None:
    assert given_up_at(on(0, 7, 14, 21, 28)) == on(28)[0]


def test_seven_days_without_a_bounce_forget_what_was() -> None:
    assert given_up_at(on(0, 1, 2, 3, 11)) is None
    assert given_up_at(on(0, 1, 2, 3, 11, 12, 13, 14, 15)) == on(15)[0]


def test_days_are_those_of_utc_whatever_zone_a_time_is_in() -> None:
    east = datetime.timezone(datetime.timedelta(hours=9))
    days = [one.replace(hour=1).astimezone(east) for one in on(0, 1, 2, 3, 4)]
    assert given_up_at(days) == days[4]


@given(st.lists(st.integers(0, 60), max_size=15), st.integers(0, 60))
def test_order_does_not_matter_and_one_more_bounce_never_makes_it_later(
    days: list[int], more: int
) -> None:
    bounces = on(*days)
    before = given_up_at(bounces)
    assert given_up_at(reversed(bounces)) == before
    after = given_up_at([*bounces, *on(more)])
    if before is not None:
        assert after is not None
        assert after <= before
    if len(set(days)) < LIMIT:
        assert before is None
