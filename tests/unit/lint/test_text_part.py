from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize("text", ["", "\n\n", " \n\u200b\n", "---\n\n* * *\n"])
def test_an_empty_part_is_an_error(findings: Findings, text: str) -> None:
    (found,) = findings("text-part", text=text)
    assert (found.line, found.severity, found.message) == (1, "error", "the text part is empty")


@pytest.mark.parametrize("blank", ["\n\n\n", " \n\u00a0\n\t\n\n"])
def test_more_than_two_blank_lines_at_the_top_are_an_error(findings: Findings, blank: str) -> None:
    (found,) = findings("text-part", text=f"{blank}The ferry is back.")
    assert found.message == f"the text part begins with {blank.count(chr(10))} blank lines"


@pytest.mark.parametrize(
    "text", ["The ferry is back.", "\n\nThe ferry", "Паром\n\n\n\nТри", "=====\n-----\n\n*\nA"]
)
def test_text_at_the_top_is_fine(findings: Findings, text: str) -> None:
    assert findings("text-part", text=text) == []
