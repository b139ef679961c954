from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]
KIB = 1024
LINE = "<p>0123456789</p>\n"  # 18 bytes; with the line end as it is sent, 19
LINE_SENT = len(LINE) + 1


@pytest.mark.parametrize(
    ("size", "severity"),
    [(69 * KIB, None), (71 * KIB, "info"), (91 * KIB, "warning"), (103 * KIB, "error")],
)
def test_the_larger_the_worse(findings: Findings, size: int, severity: str | None) -> None:
    found = findings("html-size", html=LINE * (size // LINE_SENT))
    assert [f.severity for f in found] == ([severity] if severity else [])
    assert all((f.line, f.column) == (1, 1) for f in found)


def test_it_is_measured_as_it_travels(findings: Findings) -> None:
    """A Cyrillic letter is two bytes of UTF-8 and six of quoted-printable."""
    (found,) = findings("html-size", html="<p>паром</p>\n" * 3500)
    assert found.severity == "error"
    (latin,) = findings("html-size", html="<p>paromparom</p>\n" * 4500)
    assert latin.severity == "info"


def test_a_readers_own_values_count(findings: Findings) -> None:
    field = "{{ unsubscribe_url }}\n"  # 21 characters stand for 64
    address = len("https://example.org/unsubscribe/") + 32
    (found,) = findings("html-size", html=field * 1600)
    assert found.severity == "error"
    assert f"{1600 * (address + 2):,} bytes" in found.message


def test_it_says_the_bytes_and_what_is_left(findings: Findings) -> None:
    (found,) = findings("html-size", html=LINE * 4000)
    assert found.message == (
        "the HTML part is 76,000 bytes (74.2 KiB); 28,448 are left before Gmail cuts the letter off"
    )
    (found,) = findings("html-size", html=LINE * 6000)
    assert found.message == (
        "the HTML part is 114,000 bytes (111.3 KiB), 9,552 more than the 104,448 after which "
        "Gmail cuts a letter off"
    )
