"""The template that we ship gives nothing to complain about, with any mail program."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.lint.caniemail.support import support
from newsletter.lint.context import Context
from newsletter.lint.engine import examine
from newsletter.lint.options import Options
from newsletter.lint.registry import rules
from newsletter.lint.rule import Group
from newsletter.render.galley import Galley
from newsletter.render.issue import render
from newsletter.render.publication import Publication
from newsletter.render.templates import BUILT_IN

ISSUE = """
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
title: Back on the water
date: 2026-11-20
language: {language}
intro: A week of boats, with a [timetable](https://example.com/timetable).
summary:
  - {{text: The ferry sails again., story: ferry}}
sections:
  - id: ferry
    headline: The ferry sails again
    byline: By Ada Sample
    image: {{src: https://example.com/a.jpg, alt: A ferry at dusk, caption: Friday., credit: A. S.}}
    link: https://example.com/ferry
    body: |
      It sails **on Friday**, `twice`.

      1. First
      2. Second

      > A quotation

      | Day | Boat |
      |-----|------|
      | Fri | Ada  |

      ![A boat](https://example.com/b.jpg)
  - {{kind: text, body: A text of its own.}}
  - {{kind: picture, image: {{src: https://example.com/c.jpg, alt: The quay}}}}
  - {{kind: quote, text: We never stopped waiting., source: B. Sample}}
  - {{kind: links, title: Elsewhere, items: [{{title: A page, url: https://example.com/p}}]}}
  - {{kind: button, label: Read on, url: https://example.com/more}}
  - {{kind: divider}}
  - {{kind: sponsor, label: Sponsored by Example Bakery, body: Bread.}}
outro: Until next week.
"""


@pytest.fixture(scope="module", params=["en", "uk", "he"])
def manuscript(request: pytest.FixtureRequest) -> Manuscript:
    read = load_text(ISSUE.format(language=request.param), Path("issues/2026-11-20.yaml"))
    assert isinstance(read, Manuscript), read
    return read


@pytest.fixture(scope="module")
def galley(manuscript: Manuscript, tmp_path_factory: pytest.TempPathFactory) -> Galley:
    folder = tmp_path_factory.mktemp("project")
    return render(manuscript, Publication("The Harbour Letter"), (BUILT_IN,), root=folder)


@pytest.mark.parametrize("everybody", [False, True], ids=["default", "every program"])
def test_the_built_in_template_is_clean(
    manuscript: Manuscript, galley: Galley, tmp_path: Path, *, everybody: bool
) -> None:
    options = Options(clients=tuple(support().families)) if everybody else Options()
    context = Context(manuscript, galley, Publication("The Harbour Letter"), tmp_path, options)
    asked = [rule for rule in rules() if rule.group is Group.CLIENTS]
    assert len(asked) > 10
    assert [diagnosis.finding.message for diagnosis in examine(context, asked)] == []
