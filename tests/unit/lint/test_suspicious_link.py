from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://192.0.2.7/a", "a number"),
        ("http://[2001:db8::1]/a", "a number"),
        ("http://3221225991/a", "a number"),
        ("https://bank@example.com/a", "a name stands before"),
        ("https://еxample.com/a", "several alphabets"),
        ("https://example.com/out?url=https://example.org/a", "lead on to example.org"),
        ("https://example.com/out?u=https%3A%2F%2Fexample.org%2Fa", "lead on to example.org"),
        ("https://example.com/" + "a" * 200, "characters"),
    ],
)
def test_what_looks_like_a_trick_is_a_warning(
    findings: Callable[..., list[Finding]], url: str, said: str
) -> None:
    (found,) = findings("suspicious-link", f"intro: See [it]({url}).")
    assert said in found.message
    assert (found.line, found.column, found.severity) == (1, 17, "warning")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a?b=c&d=e",
        "https://example.com/login?next=https://www.example.com/a",
        "https://пошта.укр/лист",
        "https://münchen.example.com",
        "https://web.archive.org/web/2025/https://example.org/a",
        "https://example.com/2026/11/20",
        "https://example.com/" + "a" * 150,
        "mailto:ada@example.org",
    ],
)
def test_ordinary_addresses_are_fine(places: Places, url: str) -> None:
    assert places("suspicious-link", f"intro: See [it]({url}).") == []


def test_a_redirector_that_is_known_by_name_is_told_of_once(places: Places) -> None:
    address = "https://www.google.com/url?q=https://example.org/a&sa=D"
    assert places("suspicious-link", f"intro: See [the page]({address}).") == []
