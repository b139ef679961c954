"""Drafts in many shapes, each with the whole issue that they mean (``tests/drafts/*.yaml``)."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from newsletter.issue.drafts.importing import Draft, Imported, Place, import_draft

FOLDER = Path(__file__).parents[3] / "drafts"

TO_COME = [(1, "subject"), (1, "preheader"), (1, "date")]
"""What a draft without fields leaves to the editor."""

FINDINGS: dict[str, list[tuple[int, str]]] = {
    # No full stops in the summary, a question for a headline, a blank line inside a story.
    "question.txt": [*TO_COME, (11, "headline")],
    # Bullets broken before a small letter and before a name; a paragraph broken, too.
    "broken.txt": [*TO_COME, (2, "broken-line"), (4, "broken-line"), (15, "broken-line")],
    # Wrapped by a mail program at 72 columns, with fields, a greeting and a sub-headline.
    "wrapped.txt": [(1, "preheader"), (25, "sub-headline")],
    # Headlines in capitals, bylines, datelines, sub-headlines, no summary.
    "capitals.txt": [
        *TO_COME,
        (1, "capitals"),
        (5, "sub-headline"),
        (8, "capitals"),
        (12, "sub-headline"),
        (15, "capitals"),
        (18, "picture"),
    ],
    # Title and day, numbered bullets, rules, a sentence that begins "1.", a goodbye.
    "numbered.txt": [(1, "subject"), (1, "preheader"), (6, "label")],
    # Ukrainian in Windows-1251 with CRLF; dashes that begin speech.
    "ukrainian-cp1251.txt": [(1, "encoding"), *TO_COME],
    # German in UTF-16, "7. März", no-break spaces, a soft hyphen.
    "german-utf16.txt": [*TO_COME, (7, "invisible-character")],
    # Right to left, with a question in the summary.
    "arabic.txt": TO_COME,
    # Not one blank line.
    "solid.txt": TO_COME,
    # Headlines with full stops.
    "punctuated.txt": [*TO_COME, (5, "headline"), (10, "headline"), (14, "headline")],
    # Labels above stories, a name below one, a second line below a headline.
    "labels.txt": [*TO_COME, (1, "label"), (8, "label"), (10, "headline")],
    # Front matter, reference links, footnotes, lists, a table, pictures, HTML, an unsafe link.
    "letter.md": [
        (6, "field"),
        (9, "merge-field-kept"),
        (11, "label"),
        (46, "unsafe-link"),
        (48, "image-alt"),
        (50, "comment-dropped"),
        (53, "html"),
        (61, "link"),
    ],
    # Underlined headings, a hard line break, a rule inside a story.
    "setext.md": [(1, "subject"), (1, "preheader"), (1, "date")],
    # A missing picture, paragraphs without a blank line between them, "<weighed>", an empty story.
    "loose.md": [
        *TO_COME,
        (1, "image-alt"),
        (1, "picture"),
        (8, "paragraph"),
        (25, "empty-story"),
    ],
    # Notes between fields, a skipped story, a quote, a body without its field.
    "archie.txt": [
        (1, "note"),
        (4, "note"),
        (16, "note"),
        (25, "note"),
        (28, "note"),
        (29, "note"),
        (42, "bullet-story"),
        (43, "field"),
        (47, "note"),
    ],
    # No summary; sections of other kinds, and what has no place in them.
    "plain-archie.txt": [
        (1, "preheader"),
        (1, "date"),
        (3, "merge-field-kept"),
        (18, "note"),
        (19, "to-be-placed"),
        (20, "to-be-placed"),
    ],
}


def imported(name: str) -> Imported:
    place = Place(
        folder=FOLDER / "issues",
        schema=FOLDER / ".newsletter" / "issue.schema.json",
        next_date=datetime.date(2026, 11, 27),
    )
    return import_draft(Draft((FOLDER / name).read_bytes(), name, FOLDER), place)


@pytest.mark.parametrize("name", FINDINGS)
def test_a_draft_becomes_exactly_this_issue(name: str) -> None:
    made = imported(name)
    assert made.text == (FOLDER / f"{name}.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", FINDINGS)
def test_the_editor_is_told_what_was_not_certain(name: str) -> None:
    found = [(finding.line, finding.rule) for finding in imported(name).findings]
    assert found == sorted(FINDINGS[name], key=lambda finding: finding[0])


def test_every_draft_of_the_folder_is_expected() -> None:
    drafts = {path.name for path in FOLDER.iterdir() if path.suffix in {".txt", ".md"}}
    assert drafts == set(FINDINGS)
