from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]

FERRY = (
    "The night ferry sails again from Friday, after eleven weeks in which islanders slept on the "
    "benches of the harbour office and wrote one hundred and four letters to the county."
)
STOVE = (
    "From Monday the library is open until ten, because the reading room has a second stove and "
    "three volunteers who do not mind the dark, the stairs or the smell of old glue."
)
MAYOR = (
    "The mayor has gone to the mountains for a fortnight and has left word that nobody is to ring "
    "her about the drains, the lamps or the goat that lives behind the town hall."
)
SHORT = "Doors open at seven, and entry is free for islanders."


def story(*paragraphs: str, head: str = "headline: Ferry") -> str:
    text = "\n\n      ".join(paragraphs)
    return f"  - {head}\n    body: |\n      {text}\n"


def issue(*stories: str) -> str:
    return "sections:\n" + "".join(stories)


def test_a_paragraph_in_two_stories_is_found_at_the_second(findings: Findings) -> None:
    (found,) = findings("repeated-passage", issue(story(FERRY), story(STOVE, FERRY)))
    assert (found.line, found.column, found.severity) == (9, 7, "error")
    assert found.message == "this paragraph stands in line 4 already"


def test_a_paragraph_twice_in_one_story_is_found(places: Places) -> None:
    assert places("repeated-passage", issue(story(FERRY, STOVE, FERRY))) == ["8:7 error"]


def test_a_story_pasted_twice_is_one_finding(findings: Findings) -> None:
    twice = story(FERRY, STOVE, MAYOR)
    (found,) = findings("repeated-passage", issue(twice, twice))
    assert found.message == "all 3 paragraphs stand in line 4 already"


def test_quotes_dashes_spaces_and_capitals_hide_nothing(places: Places) -> None:
    pasted = FERRY.replace(", after", " – AFTER").replace(" on the", "  on\u00a0the")
    assert places("repeated-passage", issue(story(FERRY), story(pasted))) == ["7:7 error"]


def test_a_paragraph_inside_a_longer_one_is_found(places: Places) -> None:
    assert places("repeated-passage", issue(story(FERRY), story(f"{STOVE} {FERRY}")))


def test_a_paragraph_with_two_words_changed_is_found(places: Places) -> None:
    near = FERRY.replace("eleven", "twelve").replace("letters", "postcards")
    assert places("repeated-passage", issue(story(FERRY), story(near)))


@pytest.mark.parametrize(
    "paragraph",
    [
        "Нічний пором знову ходить з п’ятниці, після одинадцяти тижнів, коли остров’яни спали на "
        "лавах портової контори.",
        "Die Nachtfähre fährt von Freitag an wieder, nach elf Wochen, in denen die Leute auf den "
        "Bänken im Hafenbüro schliefen.",
        "عادت العبّارة الليلية إلى الإبحار يوم الجمعة بعد أحد عشر أسبوعاً نام فيها سكان الجزيرة على "
        "مقاعد مكتب الميناء.",
        "夜班渡轮从星期五起恢复航行,岛上的居民在港务局的长椅上睡了十一个星期。",
    ],
)
def test_it_reads_every_script(places: Places, paragraph: str) -> None:
    assert len(places("repeated-passage", issue(story(paragraph), story(paragraph)))) == 1


def test_a_paragraph_of_the_last_issue_names_that_issue(findings: Findings) -> None:
    (found,) = findings(
        "repeated-passage", issue(story(MAYOR, FERRY)), earlier=[issue(story(FERRY))]
    )
    assert (found.line, found.severity) == (6, "error")
    assert found.message == "this paragraph stood in past-1.yaml, line 4, already"


def test_an_older_issue_is_remembered_too(findings: Findings) -> None:
    earlier = [issue(story(STOVE)), issue(story(MAYOR)), issue(story(FERRY))]
    (found,) = findings("repeated-passage", issue(story(FERRY)), earlier=earlier)
    assert "past-3.yaml" in found.message


def test_a_text_without_headline_that_is_left_over_is_a_warning(places: Places) -> None:
    text = issue(story(FERRY, head="kind: text"))
    assert places("repeated-passage", text, earlier=[text]) == ["4:7 warning"]


def test_a_greeting_that_tells_a_story_is_a_warning(places: Places) -> None:
    piece = f"intro: {FERRY}\n{issue(story(FERRY))}"
    assert places("repeated-passage", piece) == ["5:7 warning"]


def test_what_stood_in_the_last_two_issues_is_standing_text(places: Places) -> None:
    text = issue(story(FERRY))
    assert places("repeated-passage", text, earlier=[text, text]) == []
    every_other = [issue(story(MAYOR)), text, issue(story(STOVE)), text]
    assert places("repeated-passage", text, earlier=every_other) == []


@pytest.mark.parametrize(
    "now",
    [
        issue(story(SHORT), story(SHORT)),
        issue(story(FERRY), f"  - kind: quote\n    text: {FERRY}\n"),
        issue(story(FERRY, f"> {FERRY}")),
        issue(*[f"  - kind: sponsor\n    label: Paid\n    body: {FERRY}\n"] * 2),
        f"summary: ['{FERRY}']\n{issue(story(FERRY))}",
        issue(
            "  - headline: A\n    image: {src: https://example.org/a.jpg, alt: '',\n"
            f"      caption: '{FERRY}'}}\n    body: {FERRY}\n"
        ),
        issue(story(f"{FERRY} And so on."), story("The night ferry sails again from Friday.")),
    ],
    ids=["short", "pull quote", "quotation", "advertisement", "bullet", "caption", "sentence"],
)
def test_what_may_return_is_not_found(places: Places, now: str) -> None:
    assert places("repeated-passage", now) == []


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (
            "High water is at 6.10 am on Saturday and at 6.40 pm on Sunday; the quay is closed for "
            "cars an hour before, and the pump on Tallow Row runs.",
            "High water is at 7.20 am on Monday and at 7.55 pm on Tuesday; the quay is closed for "
            "cars an hour before, and the pump on Tallow Row runs.",
        ),
        (f"{STOVE} {MAYOR}", "The mayor has gone to the mountains, and nobody is to ring her now."),
    ],
    ids=["a form with other numbers", "a sentence in common"],
)
def test_what_returns_every_week_is_not_found(places: Places, before: str, now: str) -> None:
    assert places("repeated-passage", issue(story(now)), earlier=[issue(story(before))]) == []


def test_greeting_and_closing_note_are_left_to_another_rule(places: Places) -> None:
    piece = f"outro: {FERRY}"
    assert places("repeated-passage", piece, earlier=[piece]) == []


def test_the_third_place_is_told_with_the_first(findings: Findings) -> None:
    found = findings("repeated-passage", issue(*[story(FERRY)] * 3))
    assert [f.message[-17:] for f in found] == ["in line 4 already"] * 2
