from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<img src="https://example.com/a.gif" width="1" height="1">', "of one pixel"),
        ('<img src="//example.com/a.gif" width="0" height="0" alt="">', "of one pixel"),
        ('<img src="https://example.com/a.gif" style="width:1px;height:1px">', "of one pixel"),
        ('<img src="https://example.com/a.gif" width=1>', "of one pixel"),
        ('<img src="https://example.com/a.jpg" style="display:none">', "hidden remote picture"),
        ('<div style="display:none"><img src="https://example.com/a.jpg"></div>', "hidden remote"),
        ('<img src="https://example.com/a.jpg" style="opacity:0" width="9">', "hidden remote"),
        ('<img src="https://example.com/wf/open?upn=abc" width="100">', "counts who opens"),
        ('<img src="https://example.com/track/open.php?u=1&amp;id=2">', "counts who opens"),
        ('<td background="https://example.com/pixel.gif">A</td>', "counts who opens"),
    ],
)
def test_a_picture_that_watches_is_an_error(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("remote-pixel", html=f"<table><tr>{html}</tr></table>")
    assert found.severity == "error"
    assert said in found.message


@pytest.mark.parametrize(
    "query",
    [
        "uid=48213",
        "subscriber_id=a8f3c2",
        "mc_eid=3f9a0c1b2d",
        "email=reader%40example.com",
        "w=600&amp;who=reader@example.com",
        "user-id=7d0e6c1e-0b7f-4c8e-9b8a-0c6d1f2a3b4c",
    ],
)
def test_a_number_that_may_be_a_readers_is_a_warning_where_the_source_stands(
    findings: Findings, query: str
) -> None:
    html = f'<img src="https://example.com/a.jpg?{query}" data-place-src="preheader" alt="">'
    (found,) = findings("remote-pixel", "preheader: And a library", html=html)
    assert (found.line, found.column, found.severity) == (1, 12, "warning")


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://example.com/ferry.jpg" width="536" height="300" alt="A ferry">',
        '<img src="cid:pixel" width="1" height="1" alt="">',
        '<img src="https://example.com/line.png" width="536" height="1" alt="">',
        '<img src="https://example.com/a.jpg?w=600&amp;h=400&amp;fit=crop&amp;v=1700000000">',
        '<img src="https://example.com/a.jpg?itok=Xy3kq9Zw&amp;sig=9f86d081884c7d65">',
        '<img src="https://example.com/a.jpg?X-Amz-Signature=9f86d081&amp;user=1">',
        '<img src="https://example.com/open-day.jpg"><img src="https://example.com/pixel.jpg">',
        "<style>@media (prefers-color-scheme: dark) { .d { display: block !important } }</style>"
        '<img class="d" style="display:none" src="https://example.com/logo-white.png">',
        "<style>@media (max-width: 479px) { .m { display: block !important } }</style>"
        '<div class="m" style="display:none"><img src="https://example.com/phone.png"></div>',
    ],
)
def test_pictures_that_readers_see_are_fine(findings: Findings, html: str) -> None:
    assert findings("remote-pixel", html=html) == []
