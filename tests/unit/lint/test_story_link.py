from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]

LONG = "It sails again with a new engine and two roubles more for each crossing, " * 6


def story(body: str, link: str = "") -> str:
    line = f"    link: {link}\n" if link else ""
    return f"  - headline: A story\n    body: '{body}'\n{line}"


def issue(*stories: str) -> str:
    return "sections:\n" + "".join(stories)


def test_two_stories_with_one_link_are_found_at_the_second(
    findings: Callable[..., list[Finding]],
) -> None:
    piece = issue(*[story("It sails.", "https://example.org/ferry")] * 2)
    (found,) = findings("story-link", piece)
    assert (found.line, found.column, found.severity) == (7, 11, "warning")
    assert found.message == "line 4 has this link already, of another story"


def test_two_entries_of_a_list_with_one_address(places: Places) -> None:
    piece = """
    sections:
      - kind: links
        title: Next week
        items:
          - {title: A play, url: "https://example.org/a"}
          - {title: A council meeting, url: "https://example.org/a"}
          - {title: Tree walk, url: "https://example.org/b"}
          - {title: Tree walk, url: "https://example.org/c"}
    """
    assert places("story-link", piece) == ["6:41 warning", "8:33 warning"]


def test_the_same_words_for_two_addresses_in_one_story(places: Places) -> None:
    body = "[The form](https://example.org/a) and [the form](https://example.org/b)."
    assert places("story-link", issue(story(body))) == ["3:50 warning"]


def test_the_same_long_words_in_two_stories_are_a_note(places: Places) -> None:
    one = "Read [the plan of the council](https://example.org/a)."
    other = "Read [the plan of the council](https://example.org/b)."
    assert places("story-link", issue(story(one), story(other))) == ["5:17 info"]


def test_one_address_under_two_texts_in_one_story_is_a_note(places: Places) -> None:
    body = "[The form](https://example.org/a) or [a list of repairs](https://example.org/a)."
    assert places("story-link", issue(story(body))) == ["3:49 info"]


def test_an_address_as_the_words_of_a_link_is_a_note(places: Places) -> None:
    body = "See https://example.org/timetable for more."
    assert places("story-link", issue(story(body))) == ["3:16 info"]


def test_a_long_story_without_link_among_stories_that_have_one_is_a_note(places: Places) -> None:
    linked = [story(LONG, f"https://example.org/{n}") for n in range(3)]
    assert places("story-link", issue(*linked, story(LONG))) == ["11:15 info"]
    assert places("story-link", issue(*linked, story("A correction."))) == []
    assert places("story-link", issue(story(LONG), story(LONG), linked[0])) == []


@pytest.mark.parametrize(
    "stories",
    [
        [story("Said [in a statement](https://example.org/a)."),
         story("Said [in a statement](https://example.org/b).")],
        [story("By [mail](mailto:a@example.org) or [letter](mailto:a@example.org).")],
        [story("See [us](https://example.org/) or [our site](https://example.org/).")],
        [story("See [the plan](https://example.org/a), I mean [the plan](https://example.org/a).")],
        [story("See [here](https://example.org/a) and [here](https://example.org/b).")],
        [story("See [the plan](https://example.org/a).", "https://example.org/a")],
        [story("See [Ferry](https://example.org/a)."), story("A [boat](https://example.org/a).")],
        [story("Write to a@example.org.")],
    ],
    ids=["phrase", "mail", "home", "same", "one word", "own link", "two stories", "bare mail"],
)  # fmt: skip
def test_look_alikes_are_not_found(places: Places, stories: list[str]) -> None:
    assert places("story-link", issue(*stories)) == []
