from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "text", "message"),
    [
        (
            "<p>It\x92s</p>",
            "It's",
            'the HTML part has a control character (U+0092) behind "It"',
        ),
        (
            "<p>A &#146;word&#x93;</p>",
            "A word",
            'the HTML part has a control character (&#146; and 1 more) behind "A"',
        ),
        ("<p>A</p>", "A\x07", 'the text part has a control character (U+0007) behind "A"'),
    ],
)
def test_what_a_template_brings_in_is_an_error_of_the_letter(
    findings: Findings, html: str, text: str, message: str
) -> None:
    [found] = findings("control-characters", html=html, text=text)
    assert (str(found.severity), found.message) == ("error", message)


def test_line_ends_tabs_and_ordinary_references_are_fine(findings: Findings) -> None:
    html = "<p>\tA\r\n&#8217;&#160;&#x2014;&#34; b\u00a0c</p>"
    assert findings("control-characters", html=html, text="A &#146; in words\r\n\tb") == []
