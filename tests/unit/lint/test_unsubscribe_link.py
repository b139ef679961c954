from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Bye</p>",
        "<p>{{ unsubscribe_url }}</p>",
        '<a href="{{ unsubscribe_url }}"></a>',
        '<a href="{{ unsubscribe_url }}"><img src="x.png" alt=""></a>',
        '<!--[if mso]><a href="{{ unsubscribe_url }}">Unsubscribe</a><![endif]-->',
        '<a href="https://example.com/?{{ unsubscribe_url }}">Unsubscribe</a>',
    ],
)
def test_html_without_a_link_that_readers_see_is_an_error(findings: Findings, html: str) -> None:
    (found,) = findings("unsubscribe-link", html=html)
    assert (found.line, found.column, found.severity) == (1, 1, "error")
    assert found.message == "the HTML part has no link to unsubscribe"


@pytest.mark.parametrize(
    "html",
    [
        "<a class='x' href='{{ unsubscribe_url }}'>Leave <b>now</b></a>",
        '<a href="{{ unsubscribe_url }}"><img src="x.png" alt="Unsubscribe"></a>',
        '<!--[if !mso]><!--><a href="{{unsubscribe_url}}">Unsubscribe</a><!--<![endif]-->',
    ],
)
def test_links_that_readers_see(findings: Findings, html: str) -> None:
    assert findings("unsubscribe-link", html=html) == []


def test_the_text_part_needs_the_address_too(findings: Findings) -> None:
    (found,) = findings("unsubscribe-link", text="Until next week, {{ name | friend }}.")
    assert found.message == "the text part has no address to unsubscribe"
