from __future__ import annotations

import pytest

from newsletter.lint.summary import out_of_order, stems


@pytest.mark.parametrize(
    ("places", "wrong"),
    [
        ([], []),
        ([0, 1, 2], []),
        ([0, 0, 3], []),
        ([2, 0, 1], [0]),
        ([0, 3, 1, 2], [1]),
        ([2, 1, 0], [1, 2]),
    ],
)
def test_as_few_places_as_can_be_are_out_of_order(places: list[int], wrong: list[int]) -> None:
    assert out_of_order(places) == wrong


def test_endings_small_words_and_arabic_articles_do_not_count() -> None:
    assert stems("Die Nachtfähre") == stems("der Nachtfähren")
    assert stems("Паром до острова") & stems("на острові з паромом") == {"паром", "остро"}
    assert stems("والمكتبة") == stems("مكتبة")
    assert stems("in 42 of 7") == {"42"}
