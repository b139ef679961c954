from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<h1>A</h1><h3>B</h3>", 'the headline "B" is an <h3> below an <h1>'),
        ("<h1>A</h1><h2>B</h2><h4>C</h4>", 'the headline "C" is an <h4> below an <h2>'),
        ("<h1>A</h1><h2 hidden>B</h2><h3>C</h3>", 'the headline "C" is an <h3> below an <h1>'),
    ],
)
def test_a_level_that_is_skipped_is_a_warning(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("heading-order", html=html)
    assert (found.severity, found.message) == ("warning", said)


@pytest.mark.parametrize(
    "html",
    [
        "<h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2>",
        "<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4><h1>E</h1>",
        "<h2>A</h2><h3>B</h3>",
        "<p>A</p>",
        "<h3>A</h3>",
    ],
)
def test_steps_and_going_back_up_are_fine(findings: Findings, html: str) -> None:
    assert findings("heading-order", html=html) == []
