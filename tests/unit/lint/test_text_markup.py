from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("subject: Bread &amp; butter", "1:16 error"),
        ("preheader: And a <b>library</b> that stays open", "1:18 error"),
        ("title: Back&nbsp;again", "1:12 error"),
        ("title: Caf&#233; by the sea", "1:11 error"),
        ("title: One<br>two", "1:11 error"),
    ],
)
def test_html_in_a_plain_field_is_an_error_where_it_stands(
    places: Places, field: str, found: str
) -> None:
    assert places("text-markup", field)[0] == found


def test_the_hint_says_what_to_type(findings: Findings) -> None:
    (found,) = findings("text-markup", "subject: Bread &amp; butter")
    assert (found.message, found.hint) == (
        'readers would see "&amp;" as it stands',
        'Type "&".',
    )


@pytest.mark.parametrize("text", ["Bread &amp; butter", "<p>Bread</p>", "It&#x2019;s bread<br/>"])
def test_html_that_nobody_typed_in_the_text_part_is_an_error(findings: Findings, text: str) -> None:
    (found,) = findings("text-markup", text=text)
    assert (found.line, found.severity) == (1, "error")
    assert "the text part says" in found.message


@pytest.mark.parametrize(
    "piece",
    [
        "subject: Bread & butter, Q&A; 3 < 4 > 2, AT&T;",
        "title: I <3 ferries -> <the quay>",
        "title: a <noun>, <1>",
        "intro: |\n  Write `<b>bold</b>` and `&amp;` in HTML.",
        "intro: Fish&nbsp;and&nbsp;chips",
        "intro: See <https://example.com/?a=1&copy=2>",
    ],
)
def test_signs_code_and_entities_of_markdown_are_fine(places: Places, piece: str) -> None:
    text = (
        "Write <b>bold</b> and &amp; in HTML. See https://example.com/?a=1&copy=2 <you@example.com>"
    )
    if "Write" not in piece:
        text = "See https://example.com/?a=1&copy=2 <you@example.com>, a < b & c > d"
    assert places("text-markup", piece, text=text) == []
