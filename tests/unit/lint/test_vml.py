from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def drawn(shape: str, inside: str, end: str = "</v:textbox></v:rect>") -> str:
    return (
        f"<div><!--[if gte mso 9]>{shape}<![endif]-->{inside}<!--[if mso]>{end}<![endif]--></div>"
    )


RECT = '<v:rect alt="" style="width:600px" fill="true"><v:fill src="a.jpg"/><v:textbox>'


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (drawn(RECT.replace(' alt=""', ""), "<p>Sea</p>"), "has no alt attribute"),
        (drawn('<v:image src="a.jpg" />', "", ""), "has no alt attribute"),
        (drawn(RECT, "<h2>Ferry</h2>"), "has a headline inside"),
        (drawn(RECT + "<h1>Ferry</h1>", "<p>Sea</p>"), "has a headline inside"),
        (drawn(RECT, '<p><a href="https://example.com/">Sea</a></p>'), "is a link, or has one"),
        (
            drawn(
                '<v:roundrect alt="" href="https://example.com/"><center>Go</center></v:roundrect>',
                "",
                "",
            ),
            "is a link, or has one",
        ),
    ],
)
def test_drawings_that_shut_readers_out_are_an_error(
    findings: Findings, html: str, said: str
) -> None:
    (found,) = findings("vml", html=html)
    assert found.severity == "error"
    assert said in found.message


@pytest.mark.parametrize(
    "html",
    [
        drawn(RECT, "<p>Sea</p>") + '<h2>Ferry</h2><a href="https://example.com/">More</a>',
        drawn('<v:image alt="The sea" src="a.jpg" />', "<h2>Ferry</h2>", ""),
        drawn(RECT + "</v:textbox></v:rect>", "<h2>Ferry</h2>", ""),
        '<div><!--[if mso]><table role="presentation"><tr><td><![endif]--><h2>Ferry</h2></div>',
        "<div><!-- v: a note to colleagues --><h2>Ferry</h2></div>",
    ],
)
def test_decoration_and_what_stands_beside_it_are_fine(findings: Findings, html: str) -> None:
    assert findings("vml", html=html) == []
