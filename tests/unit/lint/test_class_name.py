from __future__ import annotations

from collections.abc import Callable

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def test_one_warning_names_the_first_and_counts_the_others(findings: Findings) -> None:
    html = '<p class="a sm:b p-1.5">a</p><p class="sm:b md:c">b</p>'
    (found,) = findings("class-name", html=html)
    assert found.severity == "warning"
    assert 'drops the class "sm:b" (and 2 more)' in found.message


def test_other_classes_are_fine(findings: Findings) -> None:
    html = '<p class="mj-column-per-100 a_b É">a</p><p class="">b</p><p title="a:b">c</p>'
    assert findings("class-name", html=html) == []


def test_a_project_without_gmail_may_have_them(findings: Findings) -> None:
    html = '<p class="sm:b">a</p>'
    assert findings("class-name", html=html, options={"clients": ["outlook"]}) == []
