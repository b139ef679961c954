from __future__ import annotations

import json

import pytest

from newsletter.cli.progress import _event, _line, _now_and_then, sending_progress
from newsletter.delivery.sender import Progress


def test_without_a_terminal_a_line_is_said_every_ten_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = 0.0
    show = _now_and_then(10.0, _line, lambda: now)
    for done in range(1, 301):
        now = done / 8  # eight readers a second
        show(Progress(done, 1200, {"accepted": done - 2, "failed": 2}))
    assert capsys.readouterr().err.splitlines() == [
        "80 of 1,200, 8/s, 2 min left: 78 accepted, 2 failed",
        "160 of 1,200, 8/s, 2 min left: 158 accepted, 2 failed",
        "240 of 1,200, 8/s, 2 min left: 238 accepted, 2 failed",
    ]


def test_programs_get_an_event_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    show = _now_and_then(1.0, _event, lambda: now, at_once=True)
    for done in range(1, 17):
        now = done / 8
        show(Progress(done, 24, {"accepted": done}))
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [event["done"] for event in events] == [1, 9]
    assert events[1] == {
        "event": "progress",
        "done": 9,
        "total": 24,
        "states": {"accepted": 9},
        "per_second": 8.0,
        "seconds_left": 2,
    }


def test_nobody_done_yet_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    with sending_progress(as_json=True) as show:
        show(Progress(0, 3, {}))
    assert json.loads(capsys.readouterr().err)["seconds_left"] is None
