from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


LINK = '<p>See <a href="{0}" data-place-href="{1}">it</a>.</p>'


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://example.com/t", "See it."),
        ("https://example.com/t", "See it [1]. [1] https://example.com/timetable"),
        ("https://example.com/t", "[1] https://example.com/t?x=1"),
        ("https://example.com/?a=1&amp;b=2", "[1] https://example.com/?a=1&amp;b=2"),
        ("mailto:editor@example.com", "Write to us."),
    ],
)
def test_a_link_of_the_template_that_the_text_lacks_is_a_note(
    findings: Findings, address: str, text: str
) -> None:
    html = LINK.format(address, "preheader")
    (found,) = findings("text-links", "preheader: And a library", html=html, text=text)
    assert (found.line, found.column, found.severity) == (1, 12, "info")
    assert found.message.endswith("is not in the text part")


def test_a_link_of_the_issue_that_the_text_lacks_is_an_error(findings: Findings) -> None:
    piece = "intro: See [it](https://bücher.example/т)."
    address = "https://xn--bcher-kva.example/%D1%82"
    (found,) = findings("text-links", piece, html=LINK.format(address, "intro:12"), text="See it.")
    assert (found.line, found.column, found.severity) == (1, 20, "error")


def test_the_same_link_twice_is_one_problem(findings: Findings) -> None:
    html = LINK.format("https://example.com/t", "preheader") * 2
    assert len(findings("text-links", html=html, text="See it.")) == 1


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://example.com/t", "See it [1].\n\n[1] https://example.com/t"),
        ("https://example.com/t", "(https://example.com/t)."),
        ("https://example.com/?a=1&amp;b=2", "https://example.com/?a=1&b=2, and"),
        ("mailto:editor@example.com", "Write to editor@example.com."),
        ("#ferry", "See it."),
        ("{{ unsubscribe_url }}", "See it."),
        ("{{ view_url }}", "In your browser: {{ view_url }}"),
        ("https://example.com/{{ name }}", "https://example.com/{{ name }}"),
    ],
)
def test_links_that_the_text_has_and_places_in_the_letter_are_fine(
    findings: Findings, address: str, text: str
) -> None:
    assert findings("text-links", html=LINK.format(address, "preheader"), text=text) == []
