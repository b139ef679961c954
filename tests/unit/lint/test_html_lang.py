from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ("", "the document does not say its language"),
        ('lang=" "', "the document does not say its language"),
        ('lang="English!"', '"English!" is no language tag'),
        ('lang="uk"', 'the document says lang="uk", but the issue is in "en"'),
    ],
)
def test_none_and_a_wrong_one_are_an_error(findings: Findings, attributes: str, said: str) -> None:
    (found,) = findings("html-lang", html=f"<html {attributes}><body><p>A</p></body></html>")
    assert (found.line, found.column, found.severity) == (1, 1, "error")
    assert found.message == said


@pytest.mark.parametrize("language", ["en", "en-GB", "EN-us", "und"])
def test_the_issues_own_is_fine_whatever_the_country(findings: Findings, language: str) -> None:
    html = f'<html lang="{language}"><body><p>A</p></body></html>'
    assert findings("html-lang", html=html) == []
