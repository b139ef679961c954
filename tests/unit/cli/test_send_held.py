"""When the settings end a run, ``newsletter send`` says why and from when on it may go on."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from newsletter.cli.main import run
from tests.unit.sending.desk import Desk

Output = pytest.CaptureFixture[str]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path)
    desk.readers(5)
    return desk


def test_a_closed_window_is_a_reason_and_not_an_interruption(desk: Desk, capsys: Output) -> None:
    now = datetime.datetime.now(datetime.UTC)
    opens, closes = (now + datetime.timedelta(hours=hours) for hours in (2, 3))
    desk.configure(f'[sending]\nwindow = "{opens:%H:%M}-{closes:%H:%M}"\nwindow_zone = "UTC"\n')
    assert run(["send", "--yes"]) == 3
    out = capsys.readouterr().out
    assert "5 planned" in out
    assert f"only in the window {opens:%H:%M}-{closes:%H:%M} UTC" in out
    assert f"it may go on from {opens.astimezone():%Y-%m-%d at %H:%M} on." in out
    assert "newsletter send 2026-11-20 --resume" in out
    assert desk.outbox == []


def test_a_ramp_that_is_used_up_is_told_to_programs_too(desk: Desk, capsys: Output) -> None:
    desk.configure("[sending]\nramp = 2\n")
    assert run(["send", "--yes", "--json"]) == 3
    summary = json.loads(capsys.readouterr().out)
    assert summary["states"] == {"accepted": 2, "planned": 3}
    assert summary["interrupted"] is False
    assert "ramp" in summary["held"]["reason"]
    until = datetime.datetime.fromisoformat(summary["held"]["until"])
    assert (until.hour, until.minute) == (0, 0)
    assert len(desk.outbox) == 2
