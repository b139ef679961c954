"""Markdown that was typed stays as it is, but for what must not reach an issue."""

from __future__ import annotations

import pytest

from newsletter.issue.drafts import markdown
from newsletter.issue.drafts.marked import tidy


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, 5 * 3 and snake_case.",
        "*one* **two** ~~three~~ `four <b>` \\*five\\*",
        "[words](https://example.com/a_(b)?c=d&e) and <https://example.org>",
        "Dear {{ name | neighbour }}, see [this]({{view_url}}).",
        "The boat sails <weather permitting>.".replace("<", "\\<"),
    ],
)
def test_sound_markdown_is_left_alone(text: str) -> None:
    assert tidy(text, 1).text == text
    assert tidy(text, 1).remarks == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("[a](javascript:alert(1)) b", "a b"),
        ("[a](JaVaScRiPt:alert(1)) b", "a b"),
        ("[a](&#106;avascript:alert(1))", "a"),
        ("[a](data:text/html,x) b", "a b"),
        ("[a](vbscript:x) b", "a b"),
        ("[*a*](file:///etc/passwd) b", "*a* b"),
        ("[a](page.html) b", "a b"),
    ],
)
def test_links_that_lead_elsewhere_become_their_words(typed: str, kept: str) -> None:
    done = tidy(typed, 7)
    assert done.text == kept
    assert [remark.line for remark in done.remarks] == [7]


def test_html_becomes_markdown_or_its_words() -> None:
    said = "<b>bold</b> <i>it</i> <a href='https://example.com'>a</a><span> x</span> <b>open"
    done = tidy(said, 1)
    assert done.text == "**bold** *it* [a](https://example.com) x open"
    assert [remark.rule for remark in done.remarks] == ["html"]


def test_what_only_looks_like_html_is_text() -> None:
    assert tidy("The boat sails <weather permitting>.", 1).text == (
        "The boat sails \\<weather permitting>."
    )


def test_pictures_are_taken_out_with_what_they_show() -> None:
    done = tidy("Before ![A *boat*](my%20boat.jpg) behind", 1)
    assert done.text == "Before behind"
    assert [(picture.src, picture.alt) for picture in done.pictures] == [("my boat.jpg", "A boat")]


def test_a_paragraph_never_turns_into_a_list() -> None:
    assert tidy("![x](a.png)1. May is a holiday", 1).text == "1\\. May is a holiday"


def test_footnotes_stand_where_they_are_referred_to() -> None:
    reading = markdown.read("One.[^a] Two.\n\nMore.\n\n[^a]: Said\n    later.\n")
    assert [block.text for block in reading.blocks] == ["One.^[Said later.] Two.", "More."]


def test_embedded_pictures_of_exported_documents_are_kept() -> None:
    pixel = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"
        "DwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    reading = markdown.read(f"# Boat\n\n![A boat][image1]\n\nIt sails.\n\n[image1]: <{pixel}>\n")
    picture = reading.blocks[1].picture
    assert picture is not None
    assert picture.src == "picture.png"
    assert picture.data.startswith(b"\x89PNG")
    assert reading.remarks == ()


@pytest.mark.parametrize(
    "matter",
    [
        "subject: Boats: and birds",  # no YAML
        "subject: [",
        "subject: &a [*a]",
        "- a\n- b: c",
        "a: {b: {c: [d]}}\nsubject: x",
        "date: 2026-99-99\nnumber: many",
    ],
)
def test_wrong_front_matter_is_never_an_exception(matter: str) -> None:
    reading = markdown.read(f"---\n{matter}\n---\n\n# Boat\n\nIt sails.\n")
    assert reading.blocks[-1].text == "It sails."
    assert reading.blocks[-1].line == matter.count("\n") + 7


def test_front_matter_that_is_no_yaml_is_read_line_by_line() -> None:
    reading = markdown.read("---\nsubject: Boats: and birds\n---\n\nText.\n")
    assert (reading.blocks[0].key, reading.blocks[0].text) == ("subject", "Boats: and birds")
