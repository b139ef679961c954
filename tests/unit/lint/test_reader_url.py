from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.com/?who={{ email }}" data-place-href="preheader">a</a>',
        '<a href="https://example.com/{{ name | you }}" data-place-href="preheader">a</a>',
        '<a href="{{ unsubscribe_url }}?next={{ town }}" data-place-href="preheader">a</a>',
        '<a href="https://example.com/?{{ unsubscribe_url }}" data-place-href="preheader">a</a>',
        '<img src="https://example.com/{{ email }}.png" data-place-src="preheader">',
        '<td background="https://example.com/{{ email }}" data-place-background="preheader">a</td>',
        '<p style="background:url(https://example.com/{{ x }})" data-place-style="preheader">a</p>',
    ],
)
def test_a_field_in_an_address_is_an_error_where_the_address_stands(
    findings: Findings, html: str
) -> None:
    html = f"<table><tr>{html}</tr></table>"
    (found,) = findings("reader-url", "preheader: And a library", html=html)
    assert (found.line, found.column, found.severity) == (1, 12, "error")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="{{ unsubscribe_url }}">Unsubscribe</a>',
        '<a href="{{ view_url }}">In your browser</a><a href="{{ view_url }}#ferry">Ferry</a>',
        '<a href="https://example.com/">{{ name | you }}</a>',
        '<a href="mailto:editor@example.com?subject=From {{ name }}">Write</a>',
        '<p title="{{ name }}" style="color:#000">{{ email }}</p>',
        '<a href="https://example.com/{x}{{}}">a</a>',
    ],
)
def test_the_programs_own_addresses_and_other_places_are_fine(
    findings: Findings, html: str
) -> None:
    assert findings("reader-url", html=html) == []


def test_a_picture_of_the_issue_is_told_once_by_another_rule(
    everything: Callable[..., list[Finding]],
) -> None:
    piece = "intro: See ![A ferry](https://example.com/{{ email }}.png)"
    html = '<img src="https://example.com/{{ email }}.png" alt="A ferry">'
    told = {found.rule for found in everything(piece, html=html)}
    assert told & {"merge-field", "reader-url"} == {"merge-field"}
