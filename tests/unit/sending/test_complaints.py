from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.errors import SendRefusedError
from newsletter.project import Project
from newsletter.report.complaints import Complaints
from newsletter.sending.proposal import Proposal, check, propose

NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)


@pytest.fixture
def proposal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proposal:
    assert run(["init", str(tmp_path / "letter")]) == 0
    monkeypatch.chdir(tmp_path / "letter")
    assert run(["subscribers", "import", "readers.example.csv"]) == 0
    project = Project.open(environment={})
    proposal = propose(project, project.find())
    project.close()
    return proposal


def test_with_few_complaints_an_issue_may_go_out(proposal: Proposal) -> None:
    assert proposal.complaints == Complaints(0, 0)
    check(dataclasses.replace(proposal, complaints=Complaints(2, 1000)), NOW)


def test_with_too_many_it_waits_until_somebody_insists(proposal: Proposal) -> None:
    disliked = dataclasses.replace(proposal, complaints=Complaints(3, 1000))
    with pytest.raises(SendRefusedError, match="too many readers call the letter spam"):
        check(disliked, NOW)
    check(disliked, NOW, despite_complaints=True)
