from __future__ import annotations

import dataclasses

import pytest

from newsletter.delivery.smtp.pool import DOWN_FOR, Pool
from tests.unit.delivery.smtp.talk import RELAY


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("newsletter.delivery.smtp.pool.time.monotonic", lambda: now[0])
    return now


def pool_of(*weights: int, connections: int = 100) -> Pool:
    return Pool([dataclasses.replace(RELAY, weight=w, connections=connections) for w in weights])


def test_connections_go_to_relays_in_proportion_to_their_weights() -> None:
    pool = pool_of(3, 1)
    chosen = [pool.choose() for _ in range(8)]
    assert [chosen.count(0), chosen.count(1)] == [6, 2]


def test_a_relay_gets_no_more_connections_than_it_may() -> None:
    pool = pool_of(9, 1, connections=2)
    assert [pool.choose() for _ in range(5)] == [0, 0, 1, 1, None]
    pool.release(0)
    assert pool.choose() == 0


def test_a_relay_that_is_down_is_passed_over_for_a_minute(clock: list[float]) -> None:
    pool = pool_of(1, 1)
    assert pool.choose() == 0
    assert pool.pass_over(0), "there is another one"
    pool.release(0)
    assert [pool.choose(), pool.choose()] == [1, 1]
    clock[0] += DOWN_FOR
    assert pool.choose() == 0


def test_when_all_are_down_the_one_that_waited_longest_is_tried(clock: list[float]) -> None:
    pool = pool_of(1, 1)
    assert pool.pass_over(1)
    clock[0] += 1
    assert not pool.pass_over(0)
    assert pool.choose() == 1


def test_a_message_is_blamed_when_it_breaks_a_second_connection() -> None:
    pool = pool_of(1)
    assert [pool.blame("<1@x>"), pool.blame("<2@x>"), pool.blame("<1@x>")] == [False, False, True]
    pool.absolve("<2@x>")
    assert not pool.blame("<2@x>")
