from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<script>count()</script>", "a script, <script>,"),
        ('<iframe src="https://example.com/"></iframe>', "a frame, <iframe>,"),
        ('<form action="https://example.com/"><input name="a"></form>', "a form, <form>,"),
        ('<object data="a.swf"></object>', "a plug-in, <object>,"),
        ('<p onclick="count()">a</p>', "a script, onclick,"),
        ('<img src="a.png" onerror="count()">', "a script, onerror,"),
        ('<link rel="stylesheet" href="https://example.com/a.css">', 'rel="stylesheet"'),
        ('<link rel="preconnect" href="https://example.com/">', 'rel="preconnect"'),
        ("<style>@import url(https://example.com/a.css);</style>", "@import"),
        ('<meta http-equiv="Refresh" content="0; url=https://example.com/">', "another page"),
    ],
)
def test_code_and_pages_of_others_are_an_error(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("remote-code", html=f"<div>{html}</div>")
    assert found.severity == "error"
    assert said in found.message


def test_each_kind_is_one_problem(findings: Findings) -> None:
    html = "<script>a()</script><script>b()</script><form></form>"
    assert len(findings("remote-code", html=html)) == 2


@pytest.mark.parametrize(
    "html",
    [
        '<script type="application/ld+json">{"@type": "EmailMessage"}</script>',
        "<style>p { color: #000 }</style>",
        '<link rel="icon" href="https://example.org/i.png">',
        '<p data-onclick="x">a</p>',
        '<meta http-equiv="X-UA-Compatible" content="IE=edge">',
        "<p>Write &lt;script&gt; for a script</p><!-- <script>a()</script> -->",
    ],
)
def test_data_and_words_about_code_are_fine(findings: Findings, html: str) -> None:
    assert findings("remote-code", html=html) == []
