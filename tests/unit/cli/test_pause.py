from __future__ import annotations

import time
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.delivery.outcome import Accepted
from tests.databases import postgres, postgresql_url
from tests.unit.cli.sent_kit import (
    SLUG,
    Output,
    begin,
    being_sent,
    call,
    call_json,
    make_project,
    wait_until,
)

__all__ = ["postgres", "postgresql_url"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


def test_a_running_sending_pauses_and_goes_on(project: Path, capsys: Output) -> None:
    with being_sent(project, 400) as sending:
        said = call(capsys, "pause", SLUG)
        assert f"{SLUG} is paused; whoever sends it finishes what is in hand." in said
        time.sleep(1.0)
        paused = sending.sent
        time.sleep(0.5)
        assert paused == sending.sent < 100
        assert sending.thread.is_alive(), "it waits"
        assert "\tpaused\t" in call(capsys, "status")
        assert call(capsys, "resume", SLUG) == f"{SLUG} goes on.\n"
        wait_until(lambda: sending.sent > paused + 2)
        assert "\tsending\t" in call(capsys, "status")
        assert call_json(capsys, "status")[0]["sending"] is True


def test_a_sending_on_another_machine_pauses_and_goes_on(
    project: Path, postgresql_url: str, capsys: Output
) -> None:
    make_project(project, f'database = "{postgresql_url}"')
    with being_sent(project, 400) as sending:
        assert call_json(capsys, "pause")["sending"] is True
        time.sleep(1.0)
        paused = sending.sent
        time.sleep(0.5)
        assert paused == sending.sent < 100
        assert call_json(capsys, "resume")["sending"] is True
        wait_until(lambda: sending.sent > paused + 2)


def test_what_nobody_sends_can_be_paused_too(project: Path, capsys: Output) -> None:
    begin(project, 2)
    assert "is paused; nobody is sending it." in call(capsys, "pause")
    assert call_json(capsys, "pause") == {"issue": SLUG, "control": "paused", "sending": False}
    assert "\tpaused\t" in call(capsys, "status")


def test_there_is_nothing_to_pause_once_it_is_finished(project: Path, capsys: Output) -> None:
    begin(project, 1, Accepted())
    assert run(["pause", SLUG]) == 1
    assert f"{SLUG} is finished: there is nothing to pause" in capsys.readouterr().err


def test_there_is_nothing_to_pause_once_it_is_cancelled(project: Path, capsys: Output) -> None:
    begin(project, 2, Accepted())
    call(capsys, "cancel", "--yes")
    assert run(["pause"]) == 1
    assert "there is nothing to pause" in capsys.readouterr().err
    assert "\tcancelled\t" in call(capsys, "status")


@pytest.mark.parametrize("command", ["pause", "resume", "cancel", "retry", "rate"])
def test_what_was_never_sent(project: Path, capsys: Output, command: str) -> None:
    more = {"retry": ["--failed"], "rate": ["--none"]}.get(command, [])
    assert run([command, *more]) == 2
    assert "nothing has been sent yet" in capsys.readouterr().err
    assert not (project / ".newsletter").exists()
    (project / "issues").mkdir()
    (project / "issues/2026-12-04.yaml").write_text("subject: Later\n")
    begin(project, 1)
    assert run([command, "2026-12-04", *more]) == 2
    assert "2026-12-04 has not been sent yet" in capsys.readouterr().err
