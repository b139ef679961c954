from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def issue(*stories: str) -> str:
    """Stories by their headlines; ``ferry:`` has that id."""
    lines = ["sections:"]
    for story in stories:
        headline, named, _ = story.partition(":")
        lines.append(f"  - headline: {headline}\n    body: News.")
        lines += [f"    id: {headline}"] if named else []
    return "\n".join(lines)


def missing(findings: Findings, here: str, *others: str) -> list[int]:
    found = findings("missing-translation", here, siblings=list(others))
    return [finding.line for finding in found]


@pytest.mark.parametrize(
    ("here", "there", "lines"),
    [
        (("a", "b"), ("x", "y"), []),
        (("a", "b"), ("x",), [4]),
        (("a",), ("x", "y"), []),
        (("ferry:", "stove:"), ("stove:", "ferry:"), []),
        (("ferry:", "stove:"), ("stove:",), [2]),
        (("ferry:", "stove:"), ("ferry:", "harbour:"), [5]),
        (("ferry:", "a"), ("x", "ferry:"), []),
        (("ferry:", "a"), ("x", "y"), []),
        (("ferry:",), (), [2]),
    ],
)
def test_every_story_needs_one_of_its_own_in_the_other_language(
    findings: Findings, here: tuple[str, ...], there: tuple[str, ...], lines: list[int]
) -> None:
    other = issue(*there) if there else "sections: [{kind: divider}]"
    assert missing(findings, issue(*here), f"language: uk\n{other}") == lines


def test_each_language_is_named(findings: Findings) -> None:
    others = [f"language: {language}\n{issue('ferry:')}" for language in ("de", "uk")]
    found = findings("missing-translation", issue("ferry:", "stove:"), siblings=others)
    assert [finding.message for finding in found] == [
        f"2026-11-20.{language}.yaml has no translation of this story" for language in ("de", "uk")
    ]


def test_an_issue_in_one_language_lacks_nothing(findings: Findings) -> None:
    assert missing(findings, issue("ferry:", "stove:")) == []
