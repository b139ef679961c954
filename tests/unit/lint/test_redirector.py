from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


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
        "https://www.example.com/c/eJournal",
        "https://notsendgrid.net.example.com/",
        "mailto:editor@example.com",
        "{{ unsubscribe_url }}",
        "#ferry",
    ],
)
def test_plain_links_are_fine(findings: Findings, address: str) -> None:
    assert findings("redirector", html=f'<a href="{address}">the timetable</a>') == []
