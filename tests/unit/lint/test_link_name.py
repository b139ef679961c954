from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    "inner",
    [
        "",
        " ",
        "\u200b&nbsp;",
        '<img src="a.png">',
        '<img src="a.png" alt=" ">',
        "<span></span>",
        "<!-- here -->",
    ],
)
def test_a_link_without_a_name_is_an_error_where_its_address_stands(
    findings: Findings, inner: str
) -> None:
    html = f'<a href="https://example.com/" data-place-href="preheader">{inner}</a>'
    (found,) = findings("link-name", "preheader: And a library", html=html)
    assert (found.line, found.column, found.severity) == (1, 12, "error")
    what = "a picture" if "<img" in inner else "nothing"
    assert found.message == f"the link to https://example.com/ has {what} in it, and no words"


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.com/">the timetable</a>',
        '<a href="https://example.com/">→</a>',
        '<a href="https://example.com/"><img src="a.png" alt="Timetable"></a>',
        '<a href="https://example.com/"><img src="a.png" alt=""> Timetable</a>',
        '<a href="https://example.com/" aria-label="Timetable"></a>',
        '<a href="https://example.com/"><span aria-label="Timetable">&nbsp;</span></a>',
        '<a href="https://example.com/" style="display:none"></a>',
        '<a name="ferry"></a><a id="ferry"></a><a href=""></a>',
        '<map><area href="https://example.com/" alt="The harbour"></map>',
    ],
)
def test_links_with_a_name_and_places_that_are_no_links_are_fine(
    findings: Findings, html: str
) -> None:
    assert findings("link-name", html=html) == []
