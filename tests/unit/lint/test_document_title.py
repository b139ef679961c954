from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def titled(title: str) -> str:
    return f"<html><head>{title}</head><body><p>A</p></body></html>"


@pytest.mark.parametrize("title", ["", "<title></title>", "<title> </title>"])
def test_no_title_is_an_error(findings: Findings, title: str) -> None:
    (found,) = findings("document-title", html=titled(title))
    assert (found.severity, found.message) == ("error", "the document has no title")


def test_another_title_than_the_subject_is_a_note(findings: Findings) -> None:
    (found,) = findings("document-title", html=titled("<title>The Harbour Letter</title>"))
    assert found.severity == "info"
    assert '"The Harbour Letter", is not the subject' in found.message


@pytest.mark.parametrize(
    "title",
    ["The night ferry is back", "The night  ferry is back.", "Letter: The night ferry is back"],
)
def test_the_subject_is_fine(findings: Findings, title: str) -> None:
    assert findings("document-title", html=titled(f"<title>{title}</title>")) == []
