from __future__ import annotations

from collections.abc import Callable

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


HTML = (
    '<picture><source srcset="https://example.com/light.png"><img src="cid:logo" alt=""></picture>'
)


def test_a_picture_element_is_a_warning_once(findings: Findings) -> None:
    (found,) = findings("picture-element", html=HTML + HTML)
    assert found.severity == "warning"
    assert "Gmail, Outlook and Yahoo! Mail (tested 2024-04)" in found.message


def test_programs_that_know_it_do_not_mind(findings: Findings) -> None:
    assert findings("picture-element", html=HTML, options={"clients": ["apple-mail"]}) == []
