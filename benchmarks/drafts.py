"""Bringing in a draft: reading it, finding its stories, writing the issue."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.processes import ROOT
from benchmarks.result import Result
from newsletter.issue.drafts.importing import Draft, Place, import_draft

WORDS = 3000


def import_warm() -> Iterator[Result]:
    """A draft of 3,000 words in memory to the text of an issue, libraries loaded."""
    place = Place(ROOT / "issues", ROOT / ".newsletter" / "issue.schema.json", date(2026, 11, 27))
    for name in ("wrapped.txt", "letter.md"):
        draft = _long(ROOT / "tests" / "drafts" / name)
        samples = []
        for _ in range(15):
            start = time.perf_counter()
            import_draft(Draft(draft, name), place)
            samples.append(time.perf_counter() - start)
        yield Result(f"import of {WORDS:,} words, {name}, warm", 0.3, "s", samples[3:])


def _long(path: Path) -> bytes:
    """A draft with its last story told again until it is long enough."""
    text = path.read_text("utf-8")
    story = text[len(text) // 2 :]
    missing = max(0, WORDS - len(text.split()))
    return (text + f"\n\n{story}" * (missing // len(story.split()) + 1)).encode()
