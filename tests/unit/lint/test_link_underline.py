from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


LINK = '<a href="https://example.com/t" style="{}">timetable</a>'


def text(style: str, *, around: str = "See the {} for Friday.") -> str:
    return f'<p style="color:#333333">{around.format(LINK.format(style))}</p>'


@pytest.mark.parametrize(
    "html",
    [
        text("color:#0b5c6b;text-decoration:none"),
        text("color:#0b5c6b;text-decoration:none", around="{}: see there"),
        text("color:#333;text-decoration:none", around="<b>See</b> {}"),
        text("color:#0b5c6b;text-decoration:none", around="See <i>the {}</i>"),
        text("color:#0b5c6b;text-decoration:none;border-bottom:0"),
        "<html><head><style>a { color: #0b5c6b; text-decoration: none !important }</style></head>"
        "<body>" + text("text-decoration:underline") + "</body></html>",
    ],
)
def test_links_in_text_that_only_colour_tells_apart_are_a_warning(
    findings: Findings, html: str
) -> None:
    (found,) = findings("link-underline", html=html)
    assert found.severity == "warning"
    assert found.message == "a link differs from the text around by nothing but colour"


def test_many_are_one_problem_at_the_first(findings: Findings) -> None:
    one = '<p>See <a href="https://example.com/" data-place-href="preheader" style="{}">it</a></p>'
    html = one.format("color:#000;text-decoration:none") * 3
    (found,) = findings("link-underline", "preheader: And a library", html=html)
    assert (found.line, found.column) == (1, 12)
    assert found.message == "3 links differ from the text around by nothing but colour"


@pytest.mark.parametrize(
    "html",
    [
        text("color:#0b5c6b"),
        text("color:#0b5c6b;text-decoration:none;border-bottom:1px solid #0b5c6b"),
        text("color:#0b5c6b;text-decoration:none;font-weight:bold"),
        text("color:#0b5c6b;text-decoration:none;background:#ffee00"),
        text("color:#0b5c6b;text-decoration:none;display:inline-block;padding:8px"),
        text("color:#ff7777;text-decoration:none"),  # 3:1 and more to the text
        text("text-decoration:none"),  # the program's own colour
        text("color:#0b5c6b;text-decoration:none", around="{}"),
        text("color:#0b5c6b;text-decoration:none", around="· {} ·"),
        '<p>See <a href="https://example.com/" style="color:#000;text-decoration:none">'
        '<span style="text-decoration:underline">the timetable</span></a></p>',
        '<p>See <a href="https://example.com/" style="color:#000;text-decoration:none">'
        '<img src="a.png" alt="the timetable"></a></p>',
        '<p>See <a name="ferry" style="text-decoration:none;color:#000">the ferry</a></p>',
        '<p hidden>See <a href="https://example.com/" style="color:#000;text-decoration:none">'
        "it</a></p>",
    ],
)
def test_links_that_show_and_links_by_themselves_are_fine(findings: Findings, html: str) -> None:
    assert findings("link-underline", html=html) == []
