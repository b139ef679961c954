"""Bullets find their stories, whatever the language and the order."""

from __future__ import annotations

import pytest

from newsletter.issue.drafts.match import Announced, left_over, match

BOAT = Announced(
    "Councillors keep the winter boat", "The boat to Stannet sails on. Seven were for it."
)
STAGE = Announced("A stage above the net store", "Actors from Bilohavan play on Thursdays.")
GOAT = Announced(
    "Goat elected for a day", "Stannet voted with carrots. The goat is called Margaret."
)


def test_each_bullet_gets_the_story_it_announces() -> None:
    bullets = ["A goat rules Stannet.", "The boat will sail.", "Actors have found a stage."]
    assert match(bullets, [BOAT, STAGE, GOAT]) == [2, 0, 1]


def test_no_story_is_announced_twice() -> None:
    found = match(["The boat will sail.", "The winter boat sails on."], [BOAT, STAGE])
    assert sorted(index for index in found if index is not None) in ([0], [0, 1])
    assert found.count(0) == 1


def test_a_bullet_about_nothing_has_no_story() -> None:
    assert match(["Umbrellas are mended here."], [BOAT, STAGE]) == [None]


@pytest.mark.parametrize(
    ("bullet", "stories"),
    [
        (
            "Пором ходитиме всю зиму.",
            [
                Announced("Актори на горищі", "Грають щочетверга."),
                Announced("Рада зберегла зимові пороми", ""),
            ],
        ),
        (
            "السوق ينتقل إلى الداخل",
            [Announced("المصابيح الجديدة", "على الرصيف"), Announced("سوق السبت", "ينتقل السوق")],
        ),
        ("渡輪繼續航行", [Announced("新舞台", "劇團"), Announced("議會保留渡輪", "投票")]),
    ],
)
def test_inflected_and_unspaced_scripts_match(bullet: str, stories: list[Announced]) -> None:
    assert match([bullet], stories) == [1]


def test_what_alone_is_left_over_belongs_together_if_the_order_allows() -> None:
    assert left_over([0, None, 2], 3) == (1, 1)
    assert left_over([None, 0], 2) is None  # it would stand before its neighbour
    assert left_over([0, None, None], 3) is None
    assert left_over([None], 1) is None
