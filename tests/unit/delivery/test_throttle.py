"""A destination gets as much at a time as it takes, and is left alone when it asks for it."""

from __future__ import annotations

import heapq
import random

import pytest

from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Outcome
from newsletter.delivery.rate import Rate
from newsletter.delivery.throttle import Destinations, rest_for

HERE = "example.com"
BUSY = Deferred("450 4.3.2 try later", About.SITE)


def room(destinations: Destinations, now: float = 0.0) -> int:
    """How many messages could be begun at this moment."""
    number = 0
    while destinations.may(HERE, now):
        destinations.begin(HERE, now)
        number += 1
    for _ in range(number):
        destinations.give_back(HERE)
    return number


def hand_over(destinations: Destinations, outcome: Outcome, times: int, now: float = 0.0) -> None:
    for _ in range(times):
        destinations.begin(HERE, now)
        destinations.end(HERE, outcome, now)


def test_a_destination_starts_small_and_grows_with_what_it_takes() -> None:
    destinations = Destinations(20)
    assert room(destinations) == 2
    hand_over(destinations, Accepted(), 10)
    assert 4 <= room(destinations) <= 6
    hand_over(destinations, Accepted(), 1000)
    assert room(destinations) == 20


def test_a_refused_reader_says_nothing_against_the_destination() -> None:
    destinations = Destinations(20)
    hand_over(destinations, Failed("550 5.1.1 no such user"), 1000)
    assert room(destinations) == 20


def test_refusals_of_the_site_halve_what_it_gets_and_then_it_rests() -> None:
    destinations = Destinations(20)
    hand_over(destinations, Accepted(), 1000)
    hand_over(destinations, BUSY, 1)
    assert room(destinations) == 10
    hand_over(destinations, BUSY, 5)
    assert room(destinations, 299) == 0
    assert destinations.rests_for(HERE, 200) == pytest.approx(100)
    assert room(destinations, 301) >= 1


def test_one_destination_does_not_slow_another_down() -> None:
    destinations = Destinations(20)
    hand_over(destinations, BUSY, 6)
    assert not destinations.may(HERE, 1)
    assert destinations.may("example.org", 1)


def test_a_destination_with_a_rate_of_its_own_gets_no_more_and_others_do() -> None:
    destinations = Destinations(20, {HERE: Rate(2, 1)})
    began = {HERE: 0, "example.org": 0}
    for tenth in range(100):
        for domain in began:
            while began[domain] < 100 and destinations.may(domain, tenth / 10):
                destinations.begin(domain, tenth / 10)
                destinations.end(domain, Accepted(), tenth / 10)
                began[domain] += 1
    assert 20 <= began[HERE] <= 22, "two at once, then two a second for ten seconds"
    assert began["example.org"] == 100


def test_a_message_that_was_given_back_does_not_count_against_the_rate() -> None:
    destinations = Destinations(20, {HERE: Rate(1, 60)})
    destinations.begin(HERE, 0)
    assert not destinations.may(HERE, 1)
    destinations.give_back(HERE)
    assert destinations.may(HERE, 1)


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        ("421 4.7.28 Our system has detected an unusual rate of mail", 600),
        ("421 4.7.0 [TS04] Messages temporarily deferred due to user complaints", 7200),
        ("451 4.7.500 Server busy. Please try again later", 60),
    ],
)
def test_who_asks_for_a_rest_gets_it(reply: str, seconds: float) -> None:
    destinations = Destinations(20)
    hand_over(destinations, Accepted(), 1000)
    hand_over(destinations, Deferred(reply), 1)
    assert room(destinations, seconds - 1) == 0
    assert room(destinations, seconds + 1) == 1


def test_after_the_rest_each_message_that_is_taken_makes_room_for_one_more() -> None:
    destinations = Destinations(20)
    hand_over(destinations, Deferred("421 4.7.28 unusual rate"), 1)
    for expected in (1, 2, 3, 4):
        assert room(destinations, 700) == expected
        hand_over(destinations, Accepted(), 1, 700)


def test_a_bad_reputation_lets_one_message_a_minute_go() -> None:
    destinations = Destinations(20)
    hand_over(destinations, Deferred("451 rate limited due to IP reputation"), 1)
    began = 0
    for second in range(3600):
        while destinations.may(HERE, second):
            destinations.begin(HERE, second)
            destinations.end(HERE, Accepted(), second)
            began += 1
    assert 55 <= began <= 60


def test_ordinary_replies_ask_for_no_rest() -> None:
    assert rest_for("451 4.7.1 greylisted, come back in five minutes") is None
    assert rest_for("450 4.2.2 mailbox full") is None


def test_a_site_that_takes_five_at_a_time_refuses_few() -> None:
    """The share of first attempts that a site with a limit defers, on a clock of our own."""
    chance = random.Random(7)
    destinations, now, left = Destinations(20), 0.0, 3000
    in_hand: list[tuple[float, bool]] = []
    deferred = 0
    while left or in_hand:
        while left and destinations.may(HERE, now):
            destinations.begin(HERE, now)
            over = sum(1 for _, taken in in_hand if taken) >= 5
            heapq.heappush(in_hand, (now + chance.uniform(0.5, 1.5), not over))
            left -= 1
        if not in_hand:
            now += 1
            continue
        now, taken = heapq.heappop(in_hand)
        deferred += not taken
        destinations.end(HERE, Accepted() if taken else Deferred("421 too many", About.SITE), now)
    assert deferred / 3000 <= 0.2
