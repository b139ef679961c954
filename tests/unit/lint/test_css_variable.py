from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<p style="color:var(--ink)">a</p>', "CSS variables are not known to"),
        ("<style>:root { --ink:#222 }</style><p>a</p>", "CSS variables are not known to"),
        ('<p style="color:light-dark(#222, #eee)">a</p>', "light-dark() is not known to"),
    ],
)
def test_variables_are_an_error(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("css-variable", html=html + html)
    assert found.severity == "error"
    assert found.message.startswith(said)
    assert "(tested 20" in found.message


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:#222; color:var(--ink)">a</p>',
        '<p title="var(--ink)">var(--ink)</p>',
        "<!-- <p style='color:var(--ink)'> -->",
    ],
)
def test_a_plain_value_in_front_and_mere_words_are_fine(findings: Findings, html: str) -> None:
    assert findings("css-variable", html=html) == []


def test_programs_that_know_variables_do_not_mind(findings: Findings) -> None:
    html = '<p style="color:var(--ink)">a</p>'
    assert findings("css-variable", html=html, options={"clients": ["apple-mail"]}) == []
