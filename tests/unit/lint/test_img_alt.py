from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def test_a_picture_without_the_attribute_is_an_error_where_its_source_stands(
    findings: Findings,
) -> None:
    html = '<img src="https://example.com/p/ferry.jpg" data-place-src="preheader">'
    (found,) = findings("img-alt", "preheader: And a library", html=html)
    assert (found.line, found.column, found.severity) == (1, 12, "error")
    assert found.message == "the picture ferry.jpg has no alt attribute"


@pytest.mark.parametrize(
    "html",
    ['<img src="a.png" alt="A ferry">', '<img src="a.png" alt="">', '<img alt src="a.png">'],
)
def test_a_description_and_decoration_are_fine(findings: Findings, html: str) -> None:
    assert findings("img-alt", html=html) == []
