"""What no newsletter holds is refused before it is read as Markdown, which would take minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.issue.bounds import ADDRESSES, SIGNS
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript

HEAD = """\
subject: The ferry is back
preheader: And a library that stays open
date: 2026-11-20
sections:
  - headline: Ferry
    body: |
"""


def said(*paragraphs: str) -> list[str]:
    body = "\n\n".join(f"      {paragraph}" for paragraph in paragraphs)
    read = load_text(f"{HEAD}{body}\n", Path("2026-11-20.yaml"))
    return [] if isinstance(read, Manuscript) else [str(finding) for finding in read]


@pytest.mark.parametrize("sign", ['"', "`", "[", "*", "_", "<", "&", "^[", "![a", "| "])
def test_thousands_of_signs_are_refused_at_the_text_in_which_they_become_too_many(
    sign: str,
) -> None:
    row = sign * 1000
    (finding,) = said(*[f"x{row}"] * 11)
    assert finding.startswith("2026-11-20.yaml:6:11: error: up to here more than 10,000 signs like")
    assert finding.count("[too-much]") == 1


@pytest.mark.parametrize(
    "address", ["https://example.com/a", "www.example.com", "ada@example.com", "{{ name }}"]
)
def test_thousands_of_addresses_are_refused(address: str) -> None:
    (finding,) = said(*[f"See {address}."] * (ADDRESSES + 1))
    assert f"more than {ADDRESSES:,} addresses and merge fields" in finding
    assert said(*[f"See {address}."] * (ADDRESSES // 2)) == []


def test_a_long_issue_of_ordinary_paragraphs_is_not() -> None:
    paragraph = "“The *night* ferry” — [they say](https://example.com/a) — doesn't wait. " * 5
    assert said(*[paragraph] * 90) == []
    assert said("The ferry does not wait for anybody. " * 5000) == []


def test_what_is_in_several_texts_counts_together() -> None:
    row = "a* " * 600
    story = f"  - headline: Ferry\n    body: {row}\n"
    read = load_text(f"{HEAD}      x\n{story * 20}", Path("2026-11-20.yaml"))
    assert not isinstance(read, Manuscript)
    (finding,) = read
    assert finding.line == 7 + 2 * (SIGNS // 600 + 1)
