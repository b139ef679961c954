from __future__ import annotations

import io
import json
import re
import time

import pytest

from newsletter.cli.progress import (
    _event,
    _line,
    _now_and_then,
    sending_progress,
    tell_change,
)
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


def test_a_change_is_told_in_a_line_or_to_programs_as_an_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell_change()("The pace is now: 5/s at most.")
    tell_change(as_json=True)("The pace is now: 5/s at most.")
    line, event = capsys.readouterr().err.splitlines()
    assert line == "The pace is now: 5/s at most."
    assert json.loads(event) == {"event": "changed", "said": line}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_at_a_terminal_the_bar_shows_how_fast_how_far_and_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with sending_progress() as show:
        for done in (1, 2, 3, 40):
            states = {"accepted": done, "deferred": 5, "failed": 3, "unknown": 2}
            show(Progress(done=done + 10, total=100, states=states))
            time.sleep(0.12)  # the bar is drawn ten times a second
    last = [line for line in terminal.getvalue().split("\r") if "50/100" in line][-1]
    assert "40 accepted, 5 deferred, 3 failed, 2 unknown" in last
    assert re.search(r"\d/s", last)
    assert re.search(r"\d:\d\d:\d\d", last), "the time that is left"


def test_the_last_minute_is_counted_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    show = _now_and_then(10.0, _line, lambda: now)
    now = 10.0
    show(Progress(80, 200, {"accepted": 80}))
    assert capsys.readouterr().err == "80 of 200, 8/s, 15 s left: 80 accepted\n"
