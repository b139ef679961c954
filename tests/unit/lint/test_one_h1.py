from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>The ferry</p>", "the letter has no main headline, <h1>"),
        ('<h1 style="display:none">News</h1><h2>Ferry</h2>', "the letter has no main headline"),
        ("<h1>News</h1><h1>Ferry</h1><h1>Market</h1>", "the letter has 3 main headlines, <h1>"),
    ],
)
def test_none_and_several_are_a_warning(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("one-h1", html=html)
    assert found.severity == "warning"
    assert found.message.startswith(said)


def test_the_second_one_is_the_problem(findings: Findings) -> None:
    html = '<h1>News</h1><h1 data-place="preheader">And a library</h1>'
    (found,) = findings("one-h1", "preheader: And a library", html=html)
    assert (found.line, found.column) == (1, 12)


@pytest.mark.parametrize(
    "html",
    ["<h1>News</h1><h2>Ferry</h2><h2>Market</h2>", "<h1>A</h1><div hidden><h1>B</h1></div>"],
)
def test_one_is_fine(findings: Findings, html: str) -> None:
    assert findings("one-h1", html=html) == []
