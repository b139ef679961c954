from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from newsletter.issue.load import load
from newsletter.issue.manuscript import Manuscript

ISSUE = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
expires: {}
sections:
  - headline: Night ferry returns
    body: The night ferry sails again from Friday.
"""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-27", datetime.date(2026, 11, 27)),
        ('"2026-11-27"', datetime.date(2026, 11, 27)),
        ("2026-11-27T18:00Z", datetime.datetime(2026, 11, 27, 18, tzinfo=datetime.UTC)),
        (
            "2026-11-27 18:00+02:00",
            datetime.datetime(2026, 11, 27, 16, tzinfo=datetime.UTC),
        ),
        ("2026-11-27T18:00", datetime.datetime(2026, 11, 27, 18)),  # noqa: DTZ001
    ],
)
def test_a_day_or_a_time(tmp_path: Path, typed: str, meant: datetime.date) -> None:
    file = tmp_path / "2026-11-20.yaml"
    file.write_text(ISSUE.format(typed))
    read = load(file)
    assert isinstance(read, Manuscript), read
    assert read.issue.expires == meant
    assert type(read.issue.expires) is type(meant)


@pytest.mark.parametrize("typed", ["Friday", "2026-13-01", "27.11.2026", "1795766400", "18:00"])
def test_anything_else_is_found_at_its_line(tmp_path: Path, typed: str) -> None:
    file = tmp_path / "2026-11-20.yaml"
    file.write_text(ISSUE.format(typed))
    findings = load(file)
    assert not isinstance(findings, Manuscript)
    [finding] = findings
    assert (finding.line, finding.column) == (4, 10)
    assert "not a date like 2026-11-27" in finding.message
