"""When bounces that prove nothing by themselves have become too many."""

from __future__ import annotations

import datetime
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.feedback.score import LIMIT, Bounce, given_up_at

START = datetime.datetime(2026, 9, 1, 12, 0, tzinfo=datetime.UTC)


def on(*days: float) -> list[datetime.datetime]:
    return [START + datetime.timedelta(days=day) for day in days]


def soft(*days: float) -> list[Bounce]:
    """Soft bounces, each of a letter of its own."""
    return [Bounce(at, letter) for letter, at in enumerate(on(*days))]


def hard(*days: float) -> list[Bounce]:
    """Hard bounces, each of a letter of its own."""
    return [Bounce(at, 1000 + letter, hard=True) for letter, at in enumerate(on(*days))]


# ── points ───────────────────────────────────────────────────────────────────────────────────────


def test_five_days_with_a_bounce_are_too_many_and_four_are_not() -> None:
    assert given_up_at(soft(0, 1, 2, 3)) is None
    assert given_up_at(soft(0, 1, 2, 3, 4)) == on(4)[0]


def test_one_day_counts_once_however_much_bounced() -> None:
    assert given_up_at(soft(*(n / 100 for n in range(40)))) is None


@pytest.mark.parametrize("every", [1, 7, 14, 31])
def test_a_full_mailbox_is_given_up_after_five_issues_in_a_row_however_far_apart(
    every: int,
) -> None:
    assert given_up_at(soft(*(every * n for n in range(4)))) is None
    assert given_up_at(soft(*(every * n for n in range(5)))) == on(4 * every)[0]


def test_a_weekly_letter_that_is_skipped_twice_forgets_nothing() -> None:
    assert given_up_at(soft(0, 7, 28, 35, 42)) == on(42)[0]


def test_a_letter_that_arrived_in_between_forgets_what_was() -> None:
    assert given_up_at(soft(0, 7, 14, 21, 35), on(28)) is None
    assert given_up_at(soft(0, 7, 14, 21, 35, 42, 49, 56, 63), on(28)) == on(63)[0]


def test_a_letter_that_may_still_come_back_forgets_nothing() -> None:
    assert given_up_at(soft(0, 7, 14, 21, 35), on(29)) == on(35)[0]


def test_letters_before_and_after_the_bounces_forget_nothing() -> None:
    assert given_up_at(soft(7, 14, 21, 28, 35), on(0, 7, 35, 42)) == on(35)[0]


def test_thirty_five_days_without_a_bounce_forget_what_was() -> None:
    assert given_up_at(soft(0, 1, 2, 3, 38)) == on(38)[0]
    assert given_up_at(soft(0, 1, 2, 3, 39)) is None


def test_days_are_those_of_utc_whatever_zone_a_time_is_in() -> None:
    east = datetime.timezone(datetime.timedelta(hours=9))
    days = [one.replace(hour=1).astimezone(east) for one in on(0, 1, 2, 3, 4)]
    assert given_up_at(Bounce(day, 1) for day in days) == days[4]


# ── dead, twice ──────────────────────────────────────────────────────────────────────────────────


def test_a_second_letter_to_nobody_is_one_too_many() -> None:
    assert given_up_at(hard(0)) is None
    assert given_up_at(hard(0, 7)) == on(7)[0]
    assert given_up_at(hard(0, 7, 14)) == on(7)[0]


def test_two_of_the_same_day_or_of_the_same_letter_count_as_one() -> None:
    assert given_up_at(hard(0, 0.1, 0.2)) is None
    assert given_up_at(Bounce(at, 1, hard=True) for at in on(0, 1, 2)) is None
    assert given_up_at(Bounce(at, None, hard=True) for at in on(0, 1, 2)) is None


def test_a_soft_one_and_a_hard_one_are_not_two_hard_ones() -> None:
    assert given_up_at([*soft(0), *hard(7)]) is None


def test_a_hard_one_is_a_point_as_well() -> None:
    assert given_up_at([*soft(0, 7, 14, 21), *hard(28)]) == on(28)[0]


def test_sixty_days_later_the_first_is_forgotten() -> None:
    assert given_up_at(hard(0, 60)) == on(60)[0]
    assert given_up_at(hard(0, 61)) is None
    assert given_up_at(hard(0, 61, 100)) == on(100)[0]


def test_a_letter_that_arrived_in_between_forgets_the_first() -> None:
    assert given_up_at(hard(0, 14), on(7)) is None
    assert given_up_at(hard(0, 14), on(8)) == on(14)[0]
    assert given_up_at(hard(0, 14, 21), on(7)) == on(21)[0]


# ── whatever happens ─────────────────────────────────────────────────────────────────────────────

_DAYS = st.integers(0, 90)
_BOUNCES = st.builds(
    lambda day, letter, hard: Bounce(on(day)[0], letter, hard),
    _DAYS,
    st.none() | st.integers(0, 8),
    st.booleans(),
)


@given(st.lists(_BOUNCES, max_size=15), st.lists(_DAYS, max_size=6), st.integers(0, 2**32))
def test_neither_order_nor_repetition_matters(
    bounces: list[Bounce], silent: list[int], seed: int
) -> None:
    dice = random.Random(seed)
    others = bounces + [bounce for bounce in bounces if dice.random() < 0.5]
    dice.shuffle(others)
    again = on(*silent, *silent)
    dice.shuffle(again)
    assert given_up_at(others, again) == given_up_at(bounces, on(*silent))


@given(st.lists(_BOUNCES, max_size=15), st.lists(_DAYS, max_size=6), _BOUNCES, _DAYS)
def test_more_bounces_and_fewer_letters_that_arrived_never_make_it_later(
    bounces: list[Bounce], silent: list[int], more: Bounce, arrived: int
) -> None:
    before = given_up_at(bounces, on(*silent, arrived))
    after = given_up_at([*bounces, more], on(*silent))
    if before is not None:
        assert after is not None
        assert after <= before


@given(st.lists(_BOUNCES, max_size=15), st.lists(_DAYS, max_size=6))
def test_nobody_is_given_up_for_less_than_one_of_the_rules(
    bounces: list[Bounce], silent: list[int]
) -> None:
    found = given_up_at(bounces, on(*silent))
    days = {bounce.at for bounce in bounces}
    dead = {(bounce.at, bounce.letter) for bounce in bounces if bounce.hard}
    if len(days) < LIMIT and len({letter for _, letter in dead} - {None}) < 2:
        assert found is None
    assert found is None or found in days
