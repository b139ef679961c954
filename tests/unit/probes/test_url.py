from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.probes.answer import Failure
from newsletter.probes.url import RefusedError, Url


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG./A", "https://example.org/A"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:8443/?q=1#top", "https://example.org:8443/?q=1"),
        ("https://пошта.укр/кава", "https://xn--80a1acn3a.xn--j1amh/%D0%BA%D0%B0%D0%B2%D0%B0"),
        ("https://example.org/a%20b/ü?x=ß&y=1", "https://example.org/a%20b/%C3%BC?x=%C3%9F&y=1"),
        ("https://faß.example.org/", "https://xn--fa-hia.example.org/"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
        ("https://a_b.example.org/", "https://a_b.example.org/"),
    ],
)
def test_an_address_is_asked_as_browsers_ask(typed: str, asked: str) -> None:
    assert str(Url.parse(typed)) == asked
    assert str(Url.parse(asked)) == asked


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/b", "https://example.org/b"),
        ("b", "https://example.org/a/b"),
        ("../b", "https://example.org/b"),
        ("//example.com/b", "https://example.com/b"),
        ("http://example.com", "http://example.com/"),
        ("?q", "https://example.org/a/?q"),
        ("", "https://example.org/a/"),
    ],
)
def test_a_redirect_is_relative_to_where_it_came_from(location: str, leads_to: str) -> None:
    assert str(Url.parse("https://example.org/a/").join(location)) == leads_to


@pytest.mark.parametrize(
    ("typed", "failure"),
    [
        ("ftp://example.org/", Failure.NOT_A_WEB_ADDRESS),
        ("https://", Failure.NOT_A_WEB_ADDRESS),
        ("https://example.org:0/", Failure.NOT_A_WEB_ADDRESS),
        ("https://example.org:x/", Failure.NOT_A_WEB_ADDRESS),
        ("https://[::1", Failure.NOT_A_WEB_ADDRESS),
        ("https://example.org/a\r\nHost: example.com", Failure.NOT_A_WEB_ADDRESS),
        ("https://ex%61mple.org/", Failure.NOT_A_WEB_ADDRESS),
        ("https://example.org\\.example.com/", Failure.NOT_A_WEB_ADDRESS),
        ("https://" + "a" * 64 + ".example.org/", Failure.NOT_A_WEB_ADDRESS),
        ("https://@example.org/", Failure.HAS_USER),
        ("https://127.0.0.1.nip/@1/", None),
        ("https://１２７.0.0.1/", None),  # full-width digits are digits to IDNA
        ("https://[fe80::1%25eth0]/", None),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(typed: str, failure: Failure | None) -> None:
    if failure is None:
        # Taken apart, to be judged by the address that it leads to.
        assert Url.parse(typed).host in {"127.0.0.1.nip", "127.0.0.1", "fe80::1%25eth0"}
    else:
        with pytest.raises(RefusedError) as refused:
            Url.parse(typed)
        assert refused.value.failure is failure


@given(st.text().map(lambda text: f"https://{text}"))
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    try:
        asked = str(Url.parse(typed))
    except RefusedError:
        return
    assert asked.isascii()
    assert asked.isprintable()
    assert " " not in asked


@given(st.text())
def test_any_location_leads_somewhere_or_is_refused(location: str) -> None:
    try:
        asked = str(Url.parse("https://example.org/").join(location))
    except RefusedError:
        return
    assert asked.isascii()
    assert asked.isprintable()
