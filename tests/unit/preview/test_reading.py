"""How long an issue takes to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.preview.reading import Reading, reading, reading_of
from newsletter.project import Project


@pytest.mark.parametrize(
    ("language", "minutes"), [("en", 10), ("en-GB", 10), ("de-AT", 13), ("ar", 17), ("uk", 13)]
)
def test_people_read_so_many_words_in_a_minute(language: str, minutes: int) -> None:
    assert reading_of("word " * 2380, language) == Reading(2380, minutes)


@pytest.mark.parametrize(("language", "minutes"), [("zh-Hans", 14), ("ja", 10)])
def test_what_is_written_without_spaces_is_counted_by_characters(
    language: str, minutes: int
) -> None:
    assert reading_of("渡" * 3570, language) == Reading(3570, minutes)


def test_words_of_both_kinds_add_up() -> None:
    assert reading_of("夜行 ferry 回来了", "zh").words == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s a well-known fact: 1,234.5 don't count twice.", 8),
        ("Ёлка, п'ять, l’été", 3),
        ("— … !", 0),
        ("", 0),
    ],
)
def test_words_are_what_people_take_for_words(text: str, words: int) -> None:
    assert reading_of(text, "en").words == words


def test_a_few_words_take_a_minute_and_none_take_none() -> None:
    assert reading_of("Hello.", "en").minutes == 1
    assert reading_of(" ", "en").minutes == 0


def test_an_issue_is_read_without_its_subject_its_preheader_and_its_alternative_texts(
    folder: Path, issue: Path
) -> None:
    project = Project.open(folder)
    before = reading(project.manuscript(issue).issue, "en")
    text = issue.read_text()
    for old, more in (
        ("subject: The", "subject: The very"),
        ("preheader: A", "preheader: A very"),
        ("alt: A", "alt: A very"),
    ):
        text = text.replace(old, more)
    issue.write_text(text)
    assert reading(project.manuscript(issue).issue, "en") == before
    issue.write_text(text.replace("headline: Night", "headline: The night"))
    assert reading(project.manuscript(issue).issue, "en").words == before.words + 1


def test_a_merge_field_counts_as_its_default(folder: Path, issue: Path) -> None:
    project = Project.open(folder)
    before = reading(project.manuscript(issue).issue, "en").words
    issue.write_text(issue.read_text().replace("name | neighbour", "name | dear old neighbour"))
    assert reading(project.manuscript(issue).issue, "en").words == before + 2
