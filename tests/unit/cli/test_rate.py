from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.delivery.outcome import Accepted
from tests.unit.cli.sent_kit import (
    SLUG,
    Output,
    begin,
    being_sent,
    call,
    call_json,
    make_project,
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


def test_a_running_sending_takes_the_new_rate(project: Path, capsys: Output) -> None:
    with being_sent(project, 300, "5/s") as sending:
        assert call(capsys, "rate", SLUG, "2000/s") == (
            f"{SLUG} goes out at 2000/s at most from now on.\n"
        )
        sending.thread.join(20)  # at the old rate it would take a minute
        assert not sending.thread.is_alive()
        assert sending.sent == 300


def test_it_is_kept_for_when_somebody_sends_it(project: Path, capsys: Output) -> None:
    begin(project, 1)
    assert call_json(capsys, "rate", "20000/h") == {"issue": SLUG, "rate": "20000/h"}
    assert call_json(capsys, "status")[0]["rate"] == "20000/h"
    assert "at the usual rate" in call(capsys, "rate", SLUG, "--none")
    assert call_json(capsys, "status")[0]["rate"] is None


@pytest.mark.parametrize("words", [["fast"], ["0/s"], ["-5/s"], [SLUG, "fast"]])
def test_what_is_no_rate_is_refused(project: Path, capsys: Output, words: list[str]) -> None:
    begin(project, 1)
    assert run(["rate", *words]) == 2
    assert call_json(capsys, "status")[0]["rate"] is None


@pytest.mark.parametrize("words", [[], [SLUG, ""], [SLUG, "5/s", "--none"]])
def test_one_must_say_how_fast(project: Path, capsys: Output, words: list[str]) -> None:
    begin(project, 1)
    assert run(["rate", *words]) == 2
    assert "50/s" in capsys.readouterr().err


def test_a_finished_one_has_no_rate(project: Path, capsys: Output) -> None:
    begin(project, 1, Accepted())
    assert run(["rate", "5/s"]) == 1
    assert "is finished" in capsys.readouterr().err
