from __future__ import annotations

from newsletter.lint.remembered import remembered


def test_a_thing_is_looked_at_once_and_counts_as_itself_not_by_what_it_says() -> None:
    asked: list[list[str]] = []

    @remembered(2)
    def longest(words: list[str]) -> str:
        asked.append(words)
        return max(words, key=len)

    one, twin = ["ferry", "library"], ["ferry", "library"]
    assert [longest(one), longest(twin), longest(one)] == ["library"] * 3
    assert [words is one for words in asked] == [True, False]


def test_only_the_last_few_are_remembered() -> None:
    asked: list[str] = []

    @remembered(1)
    def first(words: list[str]) -> str:
        asked.append(words[0])
        return words[0]

    one, other = ["ferry"], ["library"]
    for words in (one, other, one):
        first(words)
    assert asked == ["ferry", "library", "ferry"]
