"""Plain text: where stories begin, what is the summary, what a hand or a program broke."""

from __future__ import annotations

import datetime
import textwrap

import pytest

from newsletter.issue.drafts import text
from newsletter.issue.drafts.outline import Days, Outline, outline

BOAT = "The council voted on Tuesday. Seven were for it, four against it."
MORE_BOAT = "Nobody was surprised by that. The boat sails at seven."
STAGE = "The theatre opens on Friday. Seats are free for all."
SUMMARY = "The boat will sail all winter.\nThe theatre has found a stage.\n"

STORIES = ["Council keeps the winter boat", "Theatre finds a stage in a loft"]


def read(draft: str) -> Outline:
    return outline(text.read(draft), Days(datetime.date(2026, 11, 27)))


def headlines(draft: str) -> list[str]:
    return [getattr(section, "headline", section.kind) for section in read(draft).issue.sections]


@pytest.mark.parametrize(
    "draft",
    [
        f"{SUMMARY}{STORIES[0]}\n{BOAT}\n{MORE_BOAT}\n{STORIES[1]}\n{STAGE}\n",
        f"{SUMMARY}\n\n{STORIES[0]}\n\n{BOAT}\n\n\n{MORE_BOAT}\n\n{STORIES[1]}\n\n{STAGE}\n",
        f"- The boat sails.\n- A stage.\n\n{STORIES[0]}\n{BOAT}\n\n{STORIES[1]}\n{STAGE}\n",
        f"{STORIES[0]}\n=====\n{BOAT}\n\n{STORIES[1]}\n-----\n{STAGE}\n",
        f"*{STORIES[0]}*\n{BOAT}\nA line without its stop\n{MORE_BOAT}\n*{STORIES[1]}*\n{STAGE}\n",
        f"{STORIES[0]}\n{BOAT}\nAda Sample\n\n{STORIES[1]}\n{STAGE}\n",
        f"{STORIES[0]}\n{BOAT}\nBut who will pay for it?\n{MORE_BOAT}\n{STORIES[1]}\n{STAGE}\n",
        f"{STORIES[0]}\nBy Ada Sample\n{BOAT}\n\n{STORIES[1]}\nBy Wilf Carrow\n{STAGE}\n",
        f"{SUMMARY}\n{STORIES[0]}\n{BOAT}\nThe council said so\n{MORE_BOAT}\n"
        f"{STORIES[1]}\n{STAGE}\n",
        f"{SUMMARY}\n{STORIES[0]}\n{BOAT}\nThe councillors said that they would see to it in May\n"
        f"{MORE_BOAT}\n\n{STORIES[1]}\n{STAGE}\n",
    ],
    ids=[
        *("solid", "airy", "marked", "underlined", "starred", "signed", "question", "bylines"),
        *("sub-headline", "missing stop"),
    ],
)
def test_the_same_two_stories_in_many_shapes(draft: str) -> None:
    assert headlines(draft) == STORIES


def test_headlines_may_ask_and_be_told_from_questions_in_the_text() -> None:
    draft = (
        f"{SUMMARY}\nWill the boat sail in winter?\n{BOAT}\n{MORE_BOAT}\n{STORIES[1]}\n{STAGE}\n"
    )
    assert headlines(draft) == ["Will the boat sail in winter?", STORIES[1]]


def test_a_title_a_day_and_a_greeting_stand_above_the_summary() -> None:
    issue = read(
        f"The Harbour Letter\nFriday, 20 November 2026\n\nGood morning!\n{SUMMARY}\n"
        f"{STORIES[0]}\n{BOAT}\n{STORIES[1]}\n{STAGE}\n"
    ).issue
    assert issue.subject == "The Harbour Letter"
    assert issue.date == datetime.date(2026, 11, 20)
    assert issue.intro == "Good morning!\n"
    assert [bullet.story for bullet in issue.summary] == [
        "council-keeps-winter",
        "theatre-finds-stage",
    ]


def test_bullets_in_another_order_lead_to_their_stories() -> None:
    made = read(
        f"- The theatre has found a stage.\n- A goat was elected.\n- The boat sails.\n\n"
        f"{STORIES[0]}\n{BOAT}\n\n{STORIES[1]}\n{STAGE}\n"
    )
    assert [bullet.story for bullet in made.issue.summary] == [
        "theatre-finds-stage",
        None,
        "council-keeps-winter",
    ]
    assert [r.line for r in made.remarks if r.rule == "bullet-story"] == [2]


@pytest.mark.parametrize("columns", [60, 72, 78, 100])
def test_wrapped_paragraphs_are_put_together_again(columns: int) -> None:
    paragraphs = [STORIES[0], f"{BOAT} {MORE_BOAT} {STAGE}", STORIES[1], f"{STAGE} {BOAT} {STAGE}"]
    wrapped = "\n\n".join(textwrap.fill(paragraph, columns) for paragraph in paragraphs * 3)
    bodies = [getattr(section, "body", "") for section in read(wrapped).issue.sections]
    assert bodies == [f"{paragraphs[1]}\n", f"{paragraphs[3]}\n"] * 3


def test_wrapped_text_without_blank_lines_is_remarked_on() -> None:
    lines = "\n".join(textwrap.fill(f"{BOAT} {STAGE} {MORE_BOAT} Yes.", 60) for _ in range(6))
    assert "wrapped" in {remark.rule for remark in read(f"{STORIES[0]}\n{lines}").remarks}


def test_signs_of_markdown_show_as_they_were_typed() -> None:
    draft = f"{STORIES[0]}\n# 5 * 3 * 2 and *this* [sic] <b> `x`.\n1. May is a holiday.\n"
    [story] = read(draft).issue.sections
    body = getattr(story, "body", "")
    assert body == "\\# 5 * 3 * 2 and \\*this\\* [sic] \\<b> \\`x\\`.\n\n1\\. May is a holiday.\n"


def test_typed_links_stay_links() -> None:
    draft = f"{STORIES[0]}\nSee [the plan](https://example.com/a). It is *long*.\n"
    [story] = read(draft).issue.sections
    assert getattr(story, "body", "") == draft.split("\n", 1)[1]


def test_speech_that_begins_with_a_dash_is_no_list() -> None:
    draft = "Рада зберегла пором\n– Ні, – сказала вона. – Не знову.\n– Так, – сказав він.\n"
    [story] = read(draft).issue.sections
    assert getattr(story, "body", "").count("\n\n") == 1
    assert "- " not in getattr(story, "body", "")


def test_hyphens_for_dashes_are_set_outside_addresses() -> None:
    draft = f"{STORIES[0]}\nSeven -- not four--voted. See https://example.com/a--b now.\n"
    [story] = read(draft).issue.sections
    assert getattr(story, "body", "") == (
        "Seven – not four—voted. See https://example.com/a--b now.\n"
    )


def test_a_draft_without_a_headline_is_kept_as_text_and_named() -> None:
    made = read(f"{BOAT}\n{STAGE}\n")
    assert [section.kind for section in made.issue.sections] == ["text"]
    assert "headline" in {remark.rule for remark in made.remarks}
