from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.delivery.outcome import Accepted, Unknown
from tests.unit.cli.sent_kit import SLUG, Output, begin, call, call_json, make_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


def test_what_nobody_sends_needs_somebody_to_send_it(project: Path, capsys: Output) -> None:
    begin(project, 2, Accepted())
    call(capsys, "pause")
    said = call(capsys, "resume")
    assert "nobody is sending it" in said
    assert f"newsletter send {SLUG} --resume" in said
    assert call_json(capsys, "resume") == {"issue": SLUG, "control": "running", "sending": False}
    assert "\tnot finished\t" in call(capsys, "status")


def test_a_killed_program_does_not_count_as_sending(project: Path, capsys: Output) -> None:
    from newsletter.delivery.campaigns import Campaigns
    from tests.unit.cli.sent_kit import now, opened
    from tests.unit.delivery.kit import Hand, ledger_of

    begin(project, 2)
    with opened(project) as database:  # its lease runs for another minute
        assert Hand(ledger_of(database, Campaigns(database).list()[0])).claim(now())
    assert "nobody is sending it" in call(capsys, "resume")
    assert "\tnot finished\t" in call(capsys, "status")


def test_what_is_cancelled_stays_so(project: Path, capsys: Output) -> None:
    begin(project, 2, Unknown("silence"))
    call(capsys, "cancel", "--yes")
    assert run(["resume"]) == 1
    assert f"{SLUG} is cancelled" in capsys.readouterr().err
    assert call_json(capsys, "status")[0]["control"] == "cancelled"


def test_what_is_finished_stays_so(project: Path, capsys: Output) -> None:
    begin(project, 1, Accepted())
    assert run(["resume"]) == 1
    assert f"{SLUG} is finished" in capsys.readouterr().err
