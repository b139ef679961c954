"""A piece of an issue file in, ``line:column severity`` of one rule's findings out."""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter.findings import Finding
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.lint import engine
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Tokens
from newsletter.render.publication import Publication

NEEDED = {
    "subject": "subject: The night ferry is back",
    "preheader": "preheader: And a library that stays open until ten in the evening",
    "date": "date: 2026-11-20",
    "sections": "sections: [{headline: Ferry, body: It sails again.}]",
}
HTML = '<p>Until next week. <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>'
TEXT = "Until next week. Unsubscribe: {{ unsubscribe_url }}"


def complete(piece: str) -> str:
    """A whole issue file: what is missing follows below, so that lines keep their numbers."""
    piece = textwrap.dedent(piece).strip("\n")
    missing = [line for key, line in NEEDED.items() if not re.search(rf"(?m)^{key}:", piece)]
    return "\n".join([*piece.split("\n"), *missing]).lstrip("\n") + "\n"


def read(piece: str, path: Path) -> Manuscript:
    """The manuscript of a piece that is sound as far as the schema goes."""
    manuscript = load_text(complete(piece), path)
    assert isinstance(manuscript, Manuscript), "\n".join(map(str, manuscript))
    return manuscript


def edition(html: str = HTML, text: str = TEXT, view_url: str = "") -> Edition:
    tokens = Tokens(html + text)

    def cut(part: str, context: Context) -> Any:
        return tokens.cut(tokens.hide(part), context)

    return Edition(
        slug="2026-11-20",
        date=datetime.date(2026, 11, 20),
        language="en",
        subject=cut("The night ferry is back", Context.TEXT),
        preheader=cut("And a library", Context.TEXT),
        html=cut(html, Context.HTML),
        text=cut(text, Context.TEXT),
        view_url=view_url,
    )


@pytest.fixture
def everything(tmp_path: Path) -> Callable[..., list[Finding]]:
    """What all rules say of a piece of an issue file (or of an edition's parts)."""

    def run(piece: str = "", *, language: str = "en", **parts: str) -> list[Finding]:
        path = tmp_path / "issues" / "2026-11-20.yaml"
        publication = Publication("The Harbour Letter", language=language)
        return list(engine.lint(read(piece, path), edition(**parts), publication, root=tmp_path))

    return run


@pytest.fixture
def findings(everything: Callable[..., list[Finding]]) -> Callable[..., list[Finding]]:
    """What one rule says."""

    def run(rule: str, piece: str = "", **more: str) -> list[Finding]:
        return [finding for finding in everything(piece, **more) if finding.rule == rule]

    return run


@pytest.fixture
def places(findings: Callable[..., list[Finding]]) -> Callable[..., list[str]]:
    """The same, each finding as ``line:column severity``."""

    def run(rule: str, piece: str = "", **more: str) -> list[str]:
        return [f"{f.line}:{f.column} {f.severity}" for f in findings(rule, piece, **more)]

    return run
