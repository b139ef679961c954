from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


def test_the_51st_character_is_one_too_many(places: Places) -> None:
    assert places("subject-length", f"subject: {50 * 'x'}") == []
    assert places("subject-length", f"subject: {51 * 'x'}") == ["1:10 warning"]


@pytest.mark.parametrize("letter", ["я", "e\u0301", "ש\u05c1", "\u200fא", "👍\ufe0f"])
def test_a_character_is_what_people_count(places: Places, letter: str) -> None:
    assert places("subject-length", f'subject: "{50 * letter}"') == []
    assert places("subject-length", f'subject: "{51 * letter}"') == ["1:10 warning"]


def test_a_merge_field_counts_as_its_default(places: Places) -> None:
    assert places("subject-length", f'subject: "{{{{ name | you }}}}{47 * "x"}"') == []
    assert places("subject-length", f'subject: "{{{{ name | you }}}}{48 * "x"}"') != []
