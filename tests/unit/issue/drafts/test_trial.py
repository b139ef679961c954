"""What an editor's own drafts hold: titles of pictures, notes in mails, other scripts."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.issue.drafts import detect
from newsletter.issue.drafts.everything import everything_is_there
from newsletter.issue.drafts.importing import Imported, write
from newsletter.issue.drafts.outline import Days, Outline, outline
from newsletter.issue.drafts.understood import understood
from newsletter.issue.model import Story

DAYS = Days(datetime.date(2026, 11, 27))
BOAT = "The council voted on Tuesday. Seven were for it, four against it."
STAGE = "The theatre opens on Friday. Seats are free for all."
STORIES = f"## Boat sails\n\n{BOAT}\n\n## Stage found\n\n{STAGE}\n"


def read(draft: str, language: str = "", name: str = "draft.md") -> Outline:
    """The issue of a draft, of which nothing is lost."""
    reading = detect.read(draft.encode(), name)
    made = outline(reading, DAYS, language=language)
    assert everything_is_there(reading, made.issue, made.remarks) == []
    return made


def stories(made: Outline) -> list[Story]:
    return [section for section in made.issue.sections if isinstance(section, Story)]


@pytest.mark.parametrize(
    ("title", "credit", "caption"),
    [
        ("Photo: Wilf Sample", "Photo: Wilf Sample", None),
        ("© Wilf Sample", "© Wilf Sample", None),
        ("Фото: Ада Семпл", "Фото: Ада Семпл", None),
        ("The goose at *noon*", None, "The goose at \\*noon\\*"),
        ("A goose", None, None),  # says nothing that the alternative text does not say
    ],
)
def test_the_title_of_a_picture_is_its_credit_or_caption(
    title: str, credit: str | None, caption: str | None
) -> None:
    picture = f'![A goose](https://example.com/a.jpg "{title}")'
    [story] = stories(read(f"# Boat sails\n\n{picture}\n\n{BOAT}\n"))
    assert story.image is not None
    assert (story.image.credit, story.image.caption) == (credit, caption)


def test_the_title_of_a_picture_inside_a_text_stands_below_it() -> None:
    picture = '![A goose](https://example.com/a.jpg "The goose at noon")'
    [story] = stories(read(f"# Boat sails\n\n{BOAT}\n\n{picture}\n\n{STAGE}\n"))
    assert ".jpg)\n\nThe goose at noon\n\n" in story.body


def test_an_emphasised_line_right_below_a_picture_is_its_caption() -> None:
    [story] = stories(
        read(f"# Boat\n\n![A boat](https://example.com/p.jpg)\n*The ferry. Photo: Ada*\n\n{BOAT}\n")
    )
    assert story.image is not None
    assert story.image.caption == "The ferry. Photo: Ada"
    assert story.body == f"{BOAT}\n"


UKRAINIAN = "Пором знову ходить щоп’ятниці, а бібліотека відчинена до десятої вечора. " * 3
RUSSIAN = "Паром снова ходит по пятницам, а эта библиотека открыта до десяти вечера. " * 3


@pytest.mark.parametrize(
    ("said", "usual", "language"),
    [
        (UKRAINIAN, "en", "uk"),
        (RUSSIAN, "en-GB", "ru"),
        ("Паром зноў ходзіць па пятніцах, а бібліятэка была адчынена ўвечары. " * 3, "de", "be"),
        (
            "Корабът отново тръгва в петък, а библиотеката е отворена. " * 3,
            "en",
            None,
        ),
        ("המעבורת שבה להפליג בימי שישי והספרייה פתוחה עד עשר בערב. " * 3, "en", "he"),
        ("تعود العبارة يوم الجمعة وتفتح المكتبة أبوابها حتى العاشرة مساء. " * 3, "en", "ar"),
        ("Το πλοίο ταξιδεύει ξανά και η βιβλιοθήκη μένει ανοιχτή. " * 3, "en", "el"),
        (f"{RUSSIAN * 10} – каже «Їжак і Ґава»", "en", "ru"),
    ],
)
def test_letters_tell_the_language_of_a_draft(said: str, usual: str, language: str | None) -> None:
    made = read(f"# Boat\n\n{said}\n", usual)
    assert made.issue.language == language
    assert [remark.rule for remark in made.remarks].count("language") == 1


@pytest.mark.parametrize(
    ("said", "usual"), [(UKRAINIAN, "uk"), (BOAT * 3, "en"), (UKRAINIAN, "sr"), (UKRAINIAN, "")]
)
def test_a_draft_in_the_usual_script_is_not_remarked_on(said: str, usual: str) -> None:
    made = read(f"# Boat\n\n{said}\n", usual)
    assert made.issue.language is None
    assert "language" not in {remark.rule for remark in made.remarks}


def test_a_first_heading_with_a_story_of_its_own_is_its_headline() -> None:
    own = f"By Ada Sample\n\n{BOAT}\n\n### Who pays\n\nNobody knows. It will be seen.\n\n"
    made = read(f"# Ferry returns\n\n{own}{STORIES}")
    assert [story.headline for story in stories(made)] == [
        "Ferry returns",
        "Boat sails",
        "Stage found",
    ]
    first = stories(made)[0]
    assert first.byline == "By Ada Sample"
    assert "### Who pays\n\nNobody knows." in first.body
    assert made.issue.title is None


@pytest.mark.parametrize(
    "opening",
    ["", "- A boat.\n- A stage.\n\n", f"Good morning! It rains.\n\n{BOAT}\n\n", f"{BOAT}\n\n"],
    ids=["nothing", "summary", "greeting", "one paragraph"],
)
def test_a_first_heading_above_an_opening_is_the_title(opening: str) -> None:
    made = read(f"# The Harbour Letter\n\n{opening}{STORIES}")
    assert [story.headline for story in stories(made)] == ["Boat sails", "Stage found"]
    assert made.issue.subject == "The Harbour Letter"


PLAIN = f"Council keeps the boat\n\n{BOAT}\n\nTheatre finds a stage\n\n{STAGE}\n"


def test_a_note_to_the_editor_and_a_signature_never_reach_readers_unseen() -> None:
    note = "Hi Ada,\n\nhere is the draft for Friday. Cut as you like.\n\nThanks,\nWilf\n\n"
    made = read(f"{note}{PLAIN}\n-- \nWilf Sample\nReporter\n", name="draft.txt")
    assert [story.body for story in stories(made)] == [f"{BOAT}\n", f"{STAGE}\n"]
    assert made.issue.intro is None
    last = getattr(made.issue.sections[-1], "body", "")
    assert last.startswith("**To be placed**\n\nnote: Hi Ada, here is the draft")
    assert last.endswith("signature: Wilf Sample Reporter\n")
    assert [r.line for r in made.remarks if r.rule == "to-be-placed"] == [1, 17]


@pytest.mark.parametrize(
    "greeting",
    [
        "Dear readers,\n\nhere is the copy of a letter from 1913.\n\n",
        "Hello all,\n\nthe draft budget is out. We have read it.\n\n",
    ],
)
def test_a_greeting_of_readers_is_no_note_to_the_editor(greeting: str) -> None:
    made = read(f"{greeting}{PLAIN}", name="draft.txt")
    assert "to-be-placed" not in {remark.rule for remark in made.remarks}


def test_scripts_inside_a_paragraph_are_left_out_and_named() -> None:
    made = read(f"# Boat sails\n\n{BOAT} <script>alert(1)</script> *Yes.*<style>p {{}}</style>\n")
    assert stories(made)[0].body == f"{BOAT} *Yes.*\n"
    said = [remark.message for remark in made.remarks if remark.rule == "html"]
    assert said == [
        "<script> was left out, with what it holds",
        "<style> was left out, with what it holds",
    ]


def test_a_picture_of_markdown_in_plain_text_is_a_picture() -> None:
    picture = "![A boat](https://example.com/boat_(1).jpg)"
    made = read(f"Council keeps the boat\n{picture}\n{BOAT}\n", name="draft.txt")
    [story] = stories(made)
    assert story.image is not None
    assert story.image.src == "https://example.com/boat_(1).jpg"
    assert story.body == f"{BOAT}\n"


def test_paragraphs_outside_stories_are_counted() -> None:
    made = read(f"# The Harbour Letter\n\nGood morning! It rains.\n\n{STORIES}")
    assert understood(made.issue).outside == 1


def test_a_picture_between_paragraphs_is_counted_as_a_picture_only() -> None:
    picture = "![A boat](https://example.com/p.jpg)"
    found = understood(read(f"# Boat\n\n{BOAT}\n\n{picture}\n\n{BOAT}\n").issue)
    assert [story.paragraphs for story in found.stories] == [2]
    assert found.pictures == 1


@pytest.mark.parametrize("sign", ["[", "![a]("])
def test_brackets_that_would_take_minutes_are_refused(sign: str) -> None:
    with pytest.raises(NewsletterError, match="brackets"):
        detect.read(f"# Boat\n\n{sign * 100_000}\n".encode(), "draft.md")


def test_pictures_of_an_issue_that_cannot_be_written_are_removed(tmp_path: Path) -> None:
    new, old = tmp_path / "pictures" / "new.png", tmp_path / "pictures" / "old.png"
    old.parent.mkdir()
    old.write_bytes(b"old")
    (tmp_path / "issue.yaml").mkdir()
    made = Imported("x", read(STORIES).issue, {new: b"new", old: b"old"}, (), "line")
    with pytest.raises((NewsletterError, OSError)):
        write(made, tmp_path / "issue.yaml")
    assert [path.name for path in old.parent.iterdir()] == ["old.png"]


def test_a_picture_above_a_label_without_stories_is_kept() -> None:
    picture = "![A boat](https://example.com/p.jpg)"
    opening = f"![A goose](https://example.com/a.jpg)\n\n## Boat\n\n{BOAT}\n\n{picture}\n\n"
    made = read(f"{opening}## More\n\n### Inside\n")
    assert made.issue.sections[-1].kind == "picture"


@pytest.mark.parametrize(
    ("headline", "is_said"),
    [("T", False), ("UNESCO", False), ("THE BOAT", True), ("BOOTSFAHRT", True), ("日本", False)],
)
def test_capitals_are_spoken_of_in_headlines_of_more_than_an_abbreviation(
    headline: str, *, is_said: bool
) -> None:
    made = read(f"# {headline}\n\n{BOAT}\n")
    assert ("capitals" in {remark.rule for remark in made.remarks}) == is_said


@pytest.mark.parametrize(
    ("ending", "program"),
    [("docx", "Word"), ("DOC", "Word"), ("rtf", "rich text"), ("pages", "Apple"), ("odt", "Open")],
)
def test_bare_text_that_is_named_for_a_word_processor_is_refused(ending: str, program: str) -> None:
    with pytest.raises(NewsletterError) as raised:
        detect.read(STORIES.encode(), f"folder/week.{ending}")
    assert f"week.{ending} is plain text, though its name says {program}" in raised.value.message
    assert "week.txt" in raised.value.hint


def test_a_web_page_that_is_named_for_word_is_read() -> None:
    reading = detect.read(f"<html><h2>Boat sails</h2><p>{BOAT}</p></html>".encode(), "week.doc")
    assert len(reading.blocks) == 2
