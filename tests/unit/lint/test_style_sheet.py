from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def test_a_style_sheet_in_the_body_is_an_error(findings: Findings) -> None:
    (found,) = findings("style-sheet", html="<body><p>a</p><style>p { top:0 }</style>")
    assert found.severity == "error"
    assert "Gmail (Android, web, iOS) and classic Outlook for Windows" in found.message


@pytest.mark.parametrize(("rules", "problems"), [(1000, 0), (1200, 1)])
def test_gmail_reads_sixteen_kibibytes_of_all_style_sheets_together(
    findings: Findings, rules: int, problems: int
) -> None:
    half = "p{color:#123456}" * (rules // 2)
    html = f"<head><style>{half}</style><style>{half}</style></head><p>a</p>"
    found = findings("style-sheet", html=html)
    assert len(found) == problems
    assert all("Gmail (web)" in problem.message for problem in found)
    assert findings("style-sheet", html=html, options={"clients": ["outlook"]}) == []


def test_a_style_sheet_in_the_head_is_fine(findings: Findings) -> None:
    assert findings("style-sheet", html="<head><style>p { top:0 }</style></head><p>a</p>") == []


def test_programs_that_read_it_anywhere_do_not_mind(findings: Findings) -> None:
    html = "<body><p>a</p><style>p { top:0 }</style>"
    assert findings("style-sheet", html=html, options={"clients": ["apple-mail"]}) == []
