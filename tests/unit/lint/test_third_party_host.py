from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://example.com/a.jpg" data-place-src="preheader">',
        '<img src="//example.com/a.jpg" data-place-src="preheader">',
        '<td background="https://example.com/a.jpg" data-place-background="preheader">a</td>',
        '<p style="background:url(https://example.com/a.jpg)" data-place="preheader">a</p>',
        '<img srcset="https://example.com/a.jpg 2x" data-place-srcset="preheader">',
        '<iframe src="https://example.com/" data-place-src="preheader"></iframe>',
    ],
)
def test_what_comes_from_elsewhere_is_a_warning_where_it_stands(
    findings: Findings, html: str
) -> None:
    html = f"<table><tr>{html}</tr></table>"
    (found,) = findings("third-party-host", "preheader: And a library", html=html)
    assert (found.line, found.column, found.severity) == (1, 12, "warning")
    assert "something from example.com, which" in found.message


@pytest.mark.parametrize(
    "style",
    [
        "p { background: url(https://example.com/a.jpg) }",
        "@import url(https://example.com/a.css);",
        "@import 'https://example.com/a.css';",
        "@font-face { font-family: A; src: url(https://example.com/a.woff2) format('woff2') }",
        "@media screen { p { background: url('https://example.com/a.jpg') } }",
    ],
)
def test_style_sheets_are_looked_into(findings: Findings, style: str) -> None:
    html = f"<html><head><style>{style}</style></head><body>a</body></html>"
    (found,) = findings("third-party-host", html=html)
    assert "example.com" in found.message


def test_each_host_is_one_problem(findings: Findings) -> None:
    html = (
        '<img src="https://a.example.com/1.jpg"><img src="https://a.example.com/2.jpg">'
        '<link rel="stylesheet" href="https://b.example.com/a.css">'
    )
    first, second = findings("third-party-host", html=html)
    assert "from a.example.com (2 times), which" in first.message
    assert "from b.example.com, which" in second.message


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://example.org/a.jpg"><img src="https://assets.example.org/a.jpg">',
        '<img src="https://PICTURES.example.net/a.jpg">',
        '<img src="cid:ferry"><img src="data:image/png;base64,AAAA">',
        '<a href="https://example.com/">A link that readers follow</a>',
        '<link rel="canonical" href="https://example.com/">',
        '<img src="https://[broken/a.jpg">',
        "<p>https://example.com/a.jpg</p>",
    ],
)
def test_own_hosts_what_travels_along_and_links_are_fine(findings: Findings, html: str) -> None:
    options = {"own_hosts": ["pictures.example.net"]}
    assert findings("third-party-host", html=html, options=options) == []
