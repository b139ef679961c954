from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.issue.drafts.blocks import BlockKind
from newsletter.issue.drafts.html import read

EXPORT = Path(__file__).parents[3] / "drafts" / "html" / "google-docs.html"


def test_an_export_is_read_with_its_looks_lists_links_and_notes() -> None:
    found = [
        (str(block.kind), block.level, block.number, block.text)
        for block in read(EXPORT.read_text()).blocks
        if block.kind is not BlockKind.PICTURE
    ]
    assert found == [
        ("title", 1, None, "The harbour week"),
        ("item", 1, None, "**The ferry** sails again."),
        ("item", 2, None, "*On Sundays* too."),
        ("item", 1, None, "The museum closes."),
        ("item", 1, 4, "Fourth."),
        ("heading", 2, None, "Ferry sails again"),
        (
            "paragraph",
            1,
            None,
            "Read [the report](https://example.com/a?b=c&d=e#f), all ***nine*** pages of it, "
            "on 5 km² ~~gone~~.^[Since *May*.]",
        ),
    ]


def test_the_picture_of_an_export_is_named_as_it_lies_beside_it() -> None:
    [picture] = [block.picture for block in read(EXPORT.read_text()).blocks if block.picture]
    assert (picture.src, picture.alt) == ("images/image1.png", "A white ferry")


def test_comments_go_and_are_spoken_of_where_they_stood() -> None:
    assert [(remark.line, remark.message) for remark in read(EXPORT.read_text()).remarks] == [
        (9, "a comment is left out: “Eight, no?”"),
        (9, "a comment is left out: “Ask Anna by Friday”"),
    ]


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("https://www.google.com/url?q=https://example.com/&amp;sa=D", "[x](https://example.com/)"),
        ("https://www.google.com/url?sa=t&amp;url=https%3A%2F%2Fexample.com", "[x](https://example.com)"),
        ("https://www.google.com/url?q=javascript:alert(1)", "x"),
        ("https://www.google.com/search?q=ferry", "[x](https://www.google.com/search?q=ferry)"),
        ("https://example.com/url?q=https://example.org", "[x](https://example.com/url?q=https://example.org)"),
    ],
)  # fmt: skip
def test_redirects_are_unwrapped(href: str, text: str) -> None:
    source = f'<p id="docs-internal-guid-1"><a href="{href}">x</a></p>'
    assert [block.text for block in read(source).blocks] == [text]


def test_what_is_pasted_from_a_document_is_not_bold_all_over() -> None:
    source = """<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">
        <span style="font-weight:400;">plain</span>
        <span style="font-weight:700;">bold</span></p></b>"""
    assert [block.text for block in read(source).blocks] == ["plain **bold**"]
