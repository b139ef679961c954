"""Whatever stands in an issue, checking and mending it ends with findings inside the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.lint.fix import fix
from newsletter.project import Project
from tests.proof import rounds

ROOT = Path(__file__).parents[3]
VALID = """\
subject: "Storm: the harbour closes"
preheader: 'It''s the third this winter, and the lamps are out'
date: 2026-11-20
number: 42
language: en
intro: |
  Good morning {{ name | friend }}, on Friday 20 November.
summary:
  - No ship left.
  - text: The museum re-opens at 7.30 pm.
    story: museum
sections:
  - headline: The harbour closes
    body: |
      "No ship left," said Ada Sample. “None at all.”

      - None came: [none](http://www.example.com/?utm_source=a&b=1).

      | Fare | Price |
      |------|------:|
      | one  | 1,50  |
    image:
      src: https://example.com/a.jpg
      alt: ""
  - headline: Museum  # reopened
    id: museum
    body: >
      Folded the the
      text... on Nov. 21, 2026.
    link: https://example.com/museum
  - {kind: quote, text: x, source: "a\\tb"}
  - kind: links
    title: Two links
    items: [{title: one, url: "https://bit.ly/a", note: "A [b](c)"}]
"""
WHITE = (" ", "  ", "\u00a0", "\u200b", "\u00ad", "\u202e", "\u200f")
SIGNS = ("’", "“", "”", "«", "»", "„", "'", '"', "--", "—", "...", "…", "!!!", "???", ",,", ".")
FIELDS = ("TK", "{{ name }}", "{{", "%%x%%", "*|A|*", "\\", "<b>", "&amp;", "^[n]", "@", "#")
MARKS = ("[", "](", ")", "](https://example.com)", "![", "`", "*", "**", "_", "[^1]", "www.")
LINKS = ("http://192.0.2.7", "https://exаmple.com/?u=https://x.example.org", "http://example.com/a")
DAYS = ("Friday 19 November", "пятница, 20 ноября", "20.11.2026", "8/20", "31 February", "7:30 PM")
WORDS = ("the the", "six stories", "THE HARBOUR", "naïve", "Жж", "ﷺ", "日本", "שלום", "0", "٣", "²")
PIECES = st.sampled_from((*WHITE, *SIGNS, *FIELDS, *MARKS, *LINKS, *DAYS, *WORDS))
EDIT = st.tuples(st.integers(0, len(VALID)), st.integers(0, 8), PIECES)


@pytest.fixture(scope="module")
def project() -> Project:
    return Project.open(ROOT, environment={})


@pytest.mark.proof
@pytest.mark.timeout(7200)
@settings(
    max_examples=rounds(60, 10_000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(edits=st.lists(EDIT, min_size=1, max_size=6))
def test_a_changed_issue(project: Project, edits: list[tuple[int, int, str]]) -> None:
    text = VALID
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    manuscript = load_text(text, project.issues_folder / "2026-11-20.yaml", "x.yaml")
    if not isinstance(manuscript, Manuscript):
        return
    lines = manuscript.text.split("\n")
    for finding in project.lint(manuscript, project.render(manuscript)):
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert not finding.message.endswith(".")
    fixed = fix(manuscript, lambda m: project.examine(m, project.render(m)))
    again = fix(fixed.manuscript, lambda m: project.examine(m, project.render(m)))
    assert again.manuscript.text == fixed.manuscript.text
