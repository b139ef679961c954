from __future__ import annotations

import random

import pytest

from newsletter.feedback.believable import Answers


def believed(answers: list[tuple[str, bool]]) -> list[bool]:
    """Of the refusals among some answers, in their order, which are believed."""
    known = Answers()
    places = [(domain, known.add(domain, refused=no), no) for domain, no in answers]
    return [known.believable(domain, place) for domain, place, no in places if no]


def spread(taken: int, refused: int, domain: str = "example.com") -> list[tuple[str, bool]]:
    """So many answers of a domain, mixed."""
    answers = [(domain, False)] * taken + [(domain, True)] * refused
    random.Random(7).shuffle(answers)
    return answers


def test_a_few_dead_mailboxes_among_many_readers_are_believed() -> None:
    assert all(believed(spread(970, 30)))


def test_a_relay_that_refuses_everybody_is_not() -> None:
    everywhere = [(f"place{number}.example", True) for number in range(50)]
    assert not any(believed(everywhere))


def test_nor_one_that_refuses_a_tenth() -> None:
    assert not any(believed(spread(900, 100)))
    assert all(believed(spread(9_100, 900, "a.example"))[:1])


def test_a_domain_that_refuses_everybody_is_not_and_the_others_are() -> None:
    down = [("down.example", True)] * 4
    fine = spread(400, 4, "up.example")
    assert believed(down + fine) == [False] * 4 + [True] * 4


def test_the_only_reader_of_a_domain_is_believed_to_be_gone() -> None:
    assert believed([("firm.example", True), *spread(20, 0)]) == [True]


@pytest.mark.parametrize(
    ("taken", "refused", "expected"), [(4, 1, True), (5, 3, True), (3, 3, False), (0, 1, False)]
)
def test_in_a_short_list_most_must_have_been_taken(
    taken: int, refused: int, expected: bool
) -> None:
    assert set(believed(spread(taken, refused))) == {expected}


def test_two_colleagues_of_whom_nobody_got_it_are_not_enough_to_be_believed() -> None:
    assert believed([("firm.example", True)] * 2 + spread(50, 0)) == [False, False]


def test_a_directory_that_is_down_for_a_while_costs_nobody() -> None:
    answers = spread(3_000, 30) + [("example.com", True)] * 60 + spread(3_000, 30)
    found = believed(answers)
    assert not any(found[30:90])
    assert sum(found[:30]) + sum(found[90:]) >= 55


def test_nor_does_one_behind_one_of_two_relays() -> None:
    half = [("example.com", number % 2 == 0) for number in range(60)]
    found = believed(spread(3_000, 0) + half + spread(3_000, 0))
    assert len(found) == 30
    assert not any(found)


def test_nor_if_every_answer_in_it_is_of_another_domain() -> None:
    outage = [(f"place{number}.example", True) for number in range(40)]
    assert not any(believed(spread(2_000, 0) + outage + spread(2_000, 0)))
