from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<p>A</p><div style="display:none">cheap tickets</div>', '"cheap tickets" is hidden'),
        ('<p>A</p><span style="visibility:hidden">cheap</span>', '"cheap" is hidden'),
        ('<p>A <span style="font-size:0">cheap</span></p>', '"cheap" is too small to be seen'),
        ('<p>A</p><p style="font-size:1px">cheap</p>', '"cheap" is too small to be seen'),
        ("<p>A</p><div hidden><p>cheap</p><p>tickets</p></div>", '"cheap tickets" is hidden'),
        ('<p>A</p><div style="max-height:0;overflow:hidden">cheap</div>', '"cheap" is hidden'),
        (f"<p>A</p><p hidden>{'cheap ' * 20}</p>", "…"),
    ],
)
def test_words_that_nobody_sees_are_a_note(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("hidden-text", html=html)
    assert found.severity == "info"
    assert said in found.message


@pytest.mark.parametrize(
    "html",
    [
        '<div style="display:none">And a library</div><p>A</p>',
        '<div><div style="display:none">And</div><div style="opacity:0">a</div></div><p>A</p>',
        '<p>A</p><div style="display:none"></div><div style="font-size:1px"><a name="b"></a></div>',
        '<p>A</p><td style="font-size:0"><div style="font-size:16px">B</div></td>',
        "<style>@media (max-width: 479px) { .m { display: block !important } }</style>"
        '<p>A</p><div class="m" style="display:none">For telephones</div>',
        "<style>@media (prefers-color-scheme: dark) { .d { display: block !important } }</style>"
        '<p>A</p><div class="d" style="display:none">For the night</div>',
        "<html><head><title>News</title><style>p { color: #000 }</style></head><p>A</p></html>",
        '<p>A</p><!--[if mso]><p style="display:none">B</p><![endif]-->',
        '<p>A<span style="display:none">·</span></p>',
    ],
)
def test_the_preheader_and_what_is_seen_at_times_are_fine(findings: Findings, html: str) -> None:
    assert findings("hidden-text", html=html) == []
