from __future__ import annotations

import pytest

from newsletter.lint.similarity import differences, is_alike, shingles, words

PASSAGE = (
    "On Monday the engineer walked the wall with a hammer and found eleven loose stones, two "
    "cracks that he will watch, and a hollow near the steps that must be filled before Christmas."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Don’t,” she said — twice.", '"Dont" she said - twice'),
        ("ПОТЯГ  до\u00a0Львова", "Потяг до Львова"),
        ("soft\u00adhyphen", "softhyphen"),
        ("cafe\u0301", "café"),
    ],
)
def test_signs_case_and_encoding_do_not_make_other_words(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_every_character_of_chinese_is_a_word() -> None:
    assert words("渡轮回来了") == tuple("渡轮回来了")


def test_a_row_of_seven_words_has_three_shingles() -> None:
    assert len(list(shingles(["a", "b", "c", "d", "e", "f", "g"]))) == 3
    assert list(shingles(["too", "short"])) == []


def test_a_passage_is_like_itself_and_like_a_longer_one_that_holds_it() -> None:
    assert is_alike(words(PASSAGE), words(PASSAGE.upper()))
    assert is_alike(words(PASSAGE), words(f"It began so. {PASSAGE} Then it rained."))


def test_one_word_in_ten_may_be_another() -> None:
    changed = PASSAGE.replace("hammer", "mallet").replace("watch", "mind")
    assert is_alike(words(PASSAGE), words(changed))


def test_a_passage_with_every_fourth_word_changed_is_another() -> None:
    changed = " ".join("x" if n % 4 == 0 else word for n, word in enumerate(PASSAGE.split()))
    assert not is_alike(words(PASSAGE), words(changed))


def test_a_short_sentence_with_one_word_changed_is_another() -> None:
    one = "The counter is open on Wednesdays from ten in the morning until six"
    assert not is_alike(words(one), words(one.replace("Wednesdays", "Saturdays")))


def test_the_differences_of_two_passages_are_the_words_of_both() -> None:
    assert differences(["a", "b", "c", "d"], ["a", "x", "c"]) == ["b", "x", "d"]
