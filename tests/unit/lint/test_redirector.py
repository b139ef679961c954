from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]
Mended = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://letter.us1.list-manage.com/track/click?u=1&id=2", "Mailchimp"),
        ("http://u123.ct.sendgrid.net/ls/click?upn=abc", "SendGrid"),
        ("https://click.pstmrk.it/3s/example.com/abc", "Postmark"),
        ("https://abc.r.eu-west-1.awstrack.me/L0/https:%2F%2Fexample.com/1/2", "Amazon SES"),
        ("https://substack.com/redirect/8f0c?j=eyJ1Ijoi", "Substack"),
        (
            "https://EUR01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com&data=x",
            "Mi",
        ),
        ("https://www.google.com/url?q=https://example.com/&sa=D", "Google"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com&h=AT0", "Facebook"),
        ("https://urldefense.com/v3/__https://example.com__;!!abc", "Proofpoint"),
    ],
)
def test_a_link_through_a_service_is_an_error_at_the_link(
    findings: Findings, address: str, name: str
) -> None:
    html = f'<a href="{address}" data-place-href="preheader">the timetable</a>'
    (found,) = findings("redirector", "preheader: And a library", html=html * 2)
    assert (found.line, found.column, found.severity) == (1, 12, "error")
    assert found.message.startswith(f"this link lets {name}")


@pytest.mark.parametrize(
    "address",
    [
        "https://mail.example.com/ls/click?upn=u001.abc",
        "https://email.example.com/c/eJwVy0EOgyAQBdDTwFJmGFAWLLrpPQYYlUTRAE16" + "x" * 20,
        "https://news.example.com/track/click/30/example.org?p=abc",
        "https://letter.example.com/r/0f3a9c?m=7d0e6c1e-0b7f-4c8e-9b8a-0c6d1f2a3b4c",
        "https://links.example.com/CL0/https:%2F%2Fexample.org%2Fferry/1/abc",
    ],
)
def test_a_link_that_looks_like_one_is_a_warning(findings: Findings, address: str) -> None:
    (found,) = findings("redirector", html=f'<a href="{address}">the timetable</a>')
    assert found.severity == "warning"
    assert "looks like one by which" in found.message


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.com/timetable",
        "https://letter.us1.list-manage.com/subscribe?u=1&id=2",
        "https://substack.com/@example",
        "https://harbour.substack.com/p/ferry",
        "https://www.example.com/track/clicker-training",
        "https://sendgrid.com/pricing",
        "https://www.google.com/search?q=ferry",
        "https://maps.google.com/?q=ferry",
        "https://www.facebook.com/example",
        "https://www.youtube.com/watch?v=abc",
        "https://www.example.com/c/eJournal",
        "https://notsendgrid.net.example.com/",
        "mailto:editor@example.com",
        "{{ unsubscribe_url }}",
        "#ferry",
    ],
)
def test_plain_links_are_fine(findings: Findings, address: str) -> None:
    assert findings("redirector", html=f'<a href="{address}">the timetable</a>') == []


SAFE_LINKS = "https://eur01.safelinks.protection.outlook.com/?url=%s&data=05"


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://www.google.com/url?q=https://example.com/a%3Fb%3D1&sa=D", "https://example.com/a?b=1"),
        ("https://www.google.de/url?sa=t&url=https%3A%2F%2Fexample.com", "https://example.com"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2F%3Fa%3D1&h=x", "https://example.com/?a=1"),
        (SAFE_LINKS % "http%3A%2F%2Fexample.com%2F%25D1%2584", "http://example.com/%D1%84"),
        (SAFE_LINKS % "https%3A%2F%2Fexample.com%2Fa%29b", "https://example.com/a%29b"),
    ],
)  # fmt: skip
def test_a_redirector_that_shows_where_it_leads_is_taken_away(
    findings: Findings, mended: Mended, address: str, target: str
) -> None:
    html = f'<a href="{address}" data-place-href="intro">the timetable</a>'
    piece = f"intro: See [the timetable]({address}), [again]({address}).\n"
    (found,) = findings("redirector", piece, html=html)
    assert found.hint.startswith(f"Put {target} in its place: there it leads.")
    assert mended("redirector", piece, html=html) == [(address, target)] * 2


def test_a_field_and_an_address_without_words_are_mended_too(mended: Mended) -> None:
    address = "https://www.google.com/url?q=https://example.com/a&sa=D"
    html = f'<a href="{address}">{address}</a>'
    for piece in (
        f"sections:\n  - headline: Ferry\n    body: It sails.\n    link: {address}\n",
        f"intro: <{address}>",
        f"intro: See {address}.",
    ):
        assert mended("redirector", piece, html=html) == [(address, "https://example.com/a")]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=//example.com/",
        "https://www.google.com/url?q=https://example.com&url=https://example.org",
        "https://www.google.com/url?q=https://example.com@evil.example.org/",
        "https://www.google.com/url?q=the+night+ferry",
        SAFE_LINKS % "https%3A%2F%2Fexample.com%2F%26copy%3B",
        SAFE_LINKS % "https%3A%2F%2Fexample.com%2F%0Aa",
        "https://urldefense.com/v3/__https://example.com__;!!abc",
        "https://letter.us1.list-manage.com/track/click?url=https://example.com",
    ],
)
def test_what_cannot_be_read_for_certain_is_left_to_the_editor(
    mended: Mended, findings: Findings, address: str
) -> None:
    html = f'<a href="{address}">the timetable</a>'
    piece = f"intro: See [the timetable]({address})."
    assert len(findings("redirector", piece, html=html)) == 1
    assert mended("redirector", piece, html=html) == []
