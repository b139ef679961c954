from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue.drafts.slugs import slugs
from newsletter.issue.model import IDENTIFIER


def test_names_are_made_of_telling_words() -> None:
    assert slugs(["The boat will not stop for the winter"]) == ["boat-stop-winter"]


def test_other_scripts_are_transliterated() -> None:
    assert slugs(["Паром до Станнета", "Fähre für Öland", "渡輪"]) == [
        "parom-stanneta",
        "fahre-oland",
        "dulun",
    ]


def test_words_that_most_headlines_have_tell_none_from_another() -> None:
    headlines = ["Brennick keeps its boat", "Brennick elects a goat", "Brennick opens a stage"]
    assert slugs(headlines) == ["keeps-boat", "elects-goat", "opens-stage"]


def test_equal_headlines_and_taken_names_get_numbers() -> None:
    assert slugs(["Boat stays", "Boat stays"], ["boat-stays"]) == ["boat-stays-2", "boat-stays-3"]


@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_headlines_give_different_valid_names(headlines: list[str]) -> None:
    names = slugs(headlines)
    assert len(set(names)) == len(headlines)
    assert all(re.fullmatch(IDENTIFIER, name) for name in names)
