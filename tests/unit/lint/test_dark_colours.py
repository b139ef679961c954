from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


DARK = "<style>@media (prefers-color-scheme:dark) { p { color:#fff } } %s</style><p>a</p>"


def test_dark_rules_that_outlook_does_not_get_are_information(findings: Findings) -> None:
    (found,) = findings("dark-colours", html=DARK % "")
    assert found.severity == "info"


@pytest.mark.parametrize(
    "html",
    [
        DARK % "[data-ogsc] p { color:#fff }",
        DARK % "[data-ogsb] p { background:#000 }",
        "<style>p { color:#222 }</style><p>a</p>",
        "<p>No style sheet at all: prefers-color-scheme</p>",
    ],
)
def test_both_and_neither_are_fine(findings: Findings, html: str) -> None:
    assert findings("dark-colours", html=html) == []


def test_a_project_without_outlook_needs_no_rules_for_it(findings: Findings) -> None:
    assert findings("dark-colours", html=DARK % "", options={"clients": ["apple-mail"]}) == []
