from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


JUMP = '<a href="#ferry" data-place-href="preheader">a</a>'


def test_a_place_with_an_id_only_is_a_warning_at_the_link(findings: Findings) -> None:
    piece = "preheader: And a library"
    (found,) = findings("anchor-name", piece, html=JUMP + JUMP + '<h2 id="ferry">b</h2>')
    assert (found.line, found.column, found.severity) == (1, 12, "warning")
    assert found.message == (
        'the link to "#ferry" leads nowhere in Gmail (web, mobile web), classic Outlook for '
        "Windows and Yahoo! Mail (web) (tested 2019-08): the place has an id only"
    )


@pytest.mark.parametrize(
    "html",
    [
        JUMP + '<h2 id="ferry"><a name="ferry"></a>b</h2>',
        JUMP + '<a name="ferry" id="ferry">b</a>',
        JUMP + "<p>a place that is not there is another rule's</p>",
        '<a href="#">a</a><h2 id="">b</h2><h2 id="ferry">c</h2>',
        '<a href="https://example.com/#ferry">a</a><h2 id="ferry">b</h2>',
    ],
)
def test_a_place_with_a_name_and_other_links_are_fine(findings: Findings, html: str) -> None:
    assert findings("anchor-name", html=html) == []


def test_programs_that_know_ids_need_no_name(findings: Findings) -> None:
    html = JUMP + '<h2 id="ferry">b</h2>'
    assert findings("anchor-name", html=html, options={"clients": ["apple-mail"]}) == []


def test_a_name_in_other_letters_is_the_same_escaped_in_a_link(findings: Findings) -> None:
    (found,) = findings("anchor-name", html='<a href="#caf%C3%A9">a</a><h2 id="café">b</h2>')
    assert '"#café"' in found.message
