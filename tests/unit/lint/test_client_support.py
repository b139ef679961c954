from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def test_a_layout_that_falls_apart_is_a_warning_with_program_date_and_advice(
    findings: Findings,
) -> None:
    (found,) = findings("client-support", html='<div style="display:flex">a</div>')
    assert (found.severity, found.message) == (
        "warning",
        "display:flex does not work in classic Outlook for Windows (tested 2021-11)",
    )
    assert found.hint == (
        "Put things side by side with a table, or with MJML's columns. "
        "More about it: https://www.caniemail.com/features/css-display-flex/"
    )


def test_what_is_missed_little_is_information_with_caniemails_note(findings: Findings) -> None:
    (found,) = findings("client-support", html='<p style="text-transform:lowercase">A</p>')
    assert (found.severity, found.message) == (
        "info",
        "text-transform works only in part in classic Outlook for Windows (tested 2021-09): "
        "`lowercase` value is not supported",
    )


def test_a_feature_is_told_once_at_the_first_place(findings: Findings) -> None:
    html = """
    <p data-place="preheader:4" style="display:flex">a</p>
    <p data-place="subject" style="display:flex">b</p>
    """
    (found,) = findings("client-support", "preheader: And a library", html=html)
    assert (found.line, found.column) == (1, 16)


@pytest.mark.parametrize(
    "html",
    [
        '<p style="display:flex">a</p>',
        '<table background="https://example.com/a.png"><tr><td>a</td></tr></table>',
    ],
)
def test_a_project_without_outlook_is_not_told_about_outlook(findings: Findings, html: str) -> None:
    asked = findings("client-support", html=html)
    rest = findings("client-support", html=html, options={"clients": ["gmail", "apple-mail"]})
    assert asked
    assert rest == []


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:#222; text-shadow:1px 1px red; border-radius:4px">a</p>',
        '<div style="display:block; display:flex">a</div>',
        "<style>@supports (display:flex) { p { display:flex } }</style><p>a</p>",
        "<body><!--[if !mso]><!--><div style='display:flex'>a</div><!--<![endif]-->",
        '<p style="margin:0 auto; width:)( 1px">a</p>',
        "<p style=''>a</p><style></style>",
    ],
)
def test_what_does_no_harm_or_has_a_fallback_is_not_told(findings: Findings, html: str) -> None:
    assert findings("client-support", html=html) == []


def test_a_colour_that_makes_gmail_drop_the_whole_attribute_is_a_warning(
    findings: Findings,
) -> None:
    (found,) = findings("client-support", html='<p style="color:rgb(0 128 0)">a</p>')
    assert found.severity == "warning"
    assert "the whole attribute is stripped" in found.message
